"""The schema can be sharded by county: deploy/citus.sql runs, and keeps the rules that Citus has.

Citus itself is not installed where the tests run. Its two functions are stood in for by ones that
only note what they were asked; the rules are held against PostgreSQL's own catalogue afterwards.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from projects.models import Project
from tests.factories import make_department
from tests.rounds import approve, make_plan, open_rounds, report_of

SCRIPT = Path(settings.BASE_DIR) / "deploy" / "citus.sql"
SCALE = Path(settings.BASE_DIR) / "docs" / "scale.md"
STAND_INS = """
    CREATE TEMP TABLE asked (name regclass, kind text) ON COMMIT DROP;
    CREATE FUNCTION pg_temp.create_reference_table(name regclass) RETURNS void
        LANGUAGE sql AS $$ INSERT INTO pg_temp.asked VALUES (name, 'reference') $$;
    CREATE FUNCTION pg_temp.create_distributed_table(
        name regclass, by text, colocate_with text DEFAULT 'default') RETURNS void
        LANGUAGE sql AS $$ INSERT INTO pg_temp.asked VALUES (name, by) $$;
"""
WITHOUT_COUNTY = """
    SELECT indexrelid::regclass::text FROM pg_index
    WHERE indisunique AND indrelid IN (SELECT name FROM asked WHERE kind = 'county')
      AND NOT EXISTS (SELECT FROM pg_attribute
                      WHERE attrelid = indrelid AND attnum = ANY (indkey) AND attname = 'county')
"""
KEYS = """
    SELECT indrelid::regclass::text,
           (SELECT array_agg(attname::text ORDER BY place)
            FROM unnest(indkey) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = indrelid AND attnum = number)
    FROM pg_index JOIN asked ON name = indrelid
    WHERE indisunique AND indexprs IS NULL
"""
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, coalesce(source.kind, 'local'),
           confrelid::regclass::text, coalesce(target.kind, 'local'), pg_get_constraintdef(oid)
    FROM pg_constraint
    LEFT JOIN asked AS source ON source.name = conrelid
    LEFT JOIN asked AS target ON target.name = confrelid
    WHERE contype = 'f' AND conparentid = 0
      AND connamespace = 'public'::regnamespace
"""
KINDS = {"county": "county", "reference": "on every node", "local": "coordinator"}


@pytest.fixture
def sharded(db, reporter, manager):
    """The schema as the script leaves it, with rows in it."""
    entry = make_plan(reporter.department, region=make_department().region)
    open_rounds(2)
    approve(report_of(entry, 1), reporter, manager)
    script = SCRIPT.read_text("utf-8")
    for function in ("create_reference_table", "create_distributed_table"):
        script = script.replace(f"SELECT {function}(", f"SELECT pg_temp.{function}(")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(STAND_INS)
        cursor.execute(script)
        yield cursor


def rows(cursor, query):
    cursor.execute(query)
    return cursor.fetchall()


@pytest.mark.postgresql_only
def test_every_key_of_a_countys_rows_contains_the_county(sharded):
    assert rows(sharded, WITHOUT_COUNTY) == []


@pytest.mark.postgresql_only
def test_foreign_keys_stay_in_the_county_or_lead_to_what_is_on_every_node(sharded):
    found = rows(sharded, FOREIGN_KEYS)
    assert len(found) > 60
    for source, kind, target, target_kind, definition in found:
        told = f"{source} → {target}: {definition}"
        if kind == "county" == target_kind:
            assert re.search(r"\(county, .*\(county, ", definition), told
        elif kind in ("county", "reference"):
            assert target_kind == "reference", told
        else:
            assert target_kind != "county", told


@pytest.mark.postgresql_only
def test_every_row_has_its_county_and_the_documented_place(sharded):
    kinds = dict(rows(sharded, "SELECT name::text, kind FROM asked"))
    for table, kind in kinds.items():
        if kind == "county":
            assert rows(sharded, f"SELECT count(*) FROM {table} WHERE county IS NULL") == [(0,)]
    reports = "SELECT DISTINCT county FROM projects_progressreport"
    assert rows(sharded, reports) == [(Project.objects.get().code[:6],)]
    assert {table: KINDS[kind] for table, kind in kinds.items()} == {
        table: kind for table, kind in documented().items() if kind != KINDS["local"]
    }


@pytest.mark.postgresql_only
def test_the_documented_keys_are_those_that_there_are(sharded):
    found = {(table, ", ".join(columns)) for table, columns in rows(sharded, KEYS)}
    told = {
        (table, key)
        for table, keys in re.findall(
            r"^\| `(\w+)` \| [^|]+? \| ([^|]+) \|", SCALE.read_text("utf-8"), re.MULTILINE
        )
        for key in re.findall(r"\(([^)]+)\)", keys)
        if " or " not in key and documented()[table] != KINDS["local"]
    }
    assert told == found


def documented():
    """Each table that docs/scale.md lists, with where it stands."""
    found = re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", SCALE.read_text("utf-8"), re.MULTILINE)
    assert len(found) == len(dict(found)), "a table is listed twice"
    return dict(found)


def test_every_table_of_ours_is_listed_with_where_it_stands():
    ours = {"accounts", "projects", "indicators", "exchange", "summaries", "reading"}
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours
    }
    assert set(documented()) == tables
    assert set(documented().values()) <= set(KINDS.values())


def test_a_countys_rows_lead_to_their_project_and_their_keys_to_the_county():
    """Each unique constraint of theirs names a row that has one county, or is listed with a reason."""
    reasons = SCALE.read_text("utf-8")
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if documented().get(options.db_table) != KINDS["county"] or model is Project:
            continue
        owners = {
            field.name
            for field in options.concrete_fields
            if field.remote_field
            and not field.null
            and documented().get(field.related_model._meta.db_table) == KINDS["county"]
        }
        keys = [(each.name, set(each.fields)) for each in options.total_unique_constraints]
        keys += [(str(each), set(each)) for each in options.unique_together]
        keys += [
            (f"{options.db_table}.{field.name}", {field.name})
            for field in options.concrete_fields
            if field.unique and not field.primary_key
        ]
        for name, fields in keys:
            assert fields & owners or f"`{name}`" in reasons, f"{options.label}: {name}"
