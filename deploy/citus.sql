-- Shards the site's tables by county on a Citus cluster; docs/scale.md says why and what else changes.
--
-- On a copy of the database, on the coordinator, with the extension created and the site stopped:
--     psql --set ON_ERROR_STOP=1 --single-transaction --file deploy/citus.sql
-- A county is the first six digits of its code in GB/T 2260, which a project's code begins with.

SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Each table of a county's own rows, and how a row's county is found; those that others ask first.
CREATE TEMP TABLE tenant (place serial, name regclass, county text) ON COMMIT DROP;
INSERT INTO tenant (name, county) VALUES
    ('projects_project', 'left(row.code, 6)'),
    ('projects_project_lists', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_funding', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_milestone', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_projectmention', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_statuschange', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_dataquestion', 'coalesce((SELECT county FROM projects_project WHERE id = row.project_id), '''')'),
    ('projects_annualplan', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_planrevision', '(SELECT county FROM projects_annualplan WHERE id = row.entry_id)'),
    ('projects_latestfigures', '(SELECT county FROM projects_annualplan WHERE id = row.entry_id)'),
    ('projects_progressreport', '(SELECT county FROM projects_annualplan WHERE id = row.entry_id)'),
    ('projects_reportlight', '(SELECT county FROM projects_progressreport WHERE (id, year) = (row.report_id, row.year))'),
    ('projects_reportevent', '(SELECT county FROM projects_progressreport WHERE (id, year) = (row.report_id, row.year))'),
    ('projects_reportphoto', '(SELECT county FROM projects_progressreport WHERE (id, year) = (row.report_id, row.year))'),
    ('projects_obstacle', '(SELECT county FROM projects_project WHERE id = row.project_id)'),
    ('projects_obstacleevent', '(SELECT county FROM projects_obstacle WHERE id = row.obstacle_id)'),
    ('projects_entrymark', 'coalesce((SELECT county FROM projects_annualplan WHERE id = row.entry), '''')'),
    ('projects_cellmark', 'coalesce((SELECT left(code, 6) FROM accounts_region WHERE id = row.region), '''')'),
    ('summaries_progresscell', 'coalesce((SELECT left(code, 6) FROM accounts_region WHERE id = row.region_id), '''')'),
    ('summaries_departmentcell', 'coalesce((SELECT left(code, 6) FROM accounts_region WHERE id = row.region_id), '''')');

-- 1. Foreign keys between these tables go; they come back with the county.
CREATE TEMP TABLE kept_key ON COMMIT DROP AS
SELECT conname AS name, conrelid::regclass AS source, confrelid::regclass AS target,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY place)
          FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
          JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS columns,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY place)
          FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
          JOIN pg_attribute ON attrelid = confrelid AND attnum = number) AS target_columns
  FROM pg_constraint
 WHERE contype = 'f' AND conparentid = 0
   AND conrelid IN (SELECT name FROM tenant) AND confrelid IN (SELECT name FROM tenant);

DO $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT * FROM kept_key LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', each.source, each.name);
    END LOOP;

    -- 2. Every row says its county.
    FOR each IN SELECT * FROM tenant ORDER BY place LOOP
        EXECUTE format('ALTER TABLE %s ADD county varchar(6)', each.name);
        EXECUTE format('UPDATE %s AS row SET county = %s', each.name, each.county);
        EXECUTE format('ALTER TABLE %s ALTER county SET NOT NULL', each.name);
    END LOOP;
    ALTER TABLE projects_project
        ADD CONSTRAINT project_county_of_code CHECK (county = left(code, 6));

    -- 3. Primary keys and unique constraints contain it, and mean what they meant.
    FOR each IN
        SELECT conrelid::regclass AS source, conname AS name,
               CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END AS kind,
               (SELECT string_agg(quote_ident(attname), ', ' ORDER BY place)
                  FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS columns
          FROM pg_constraint
         WHERE contype IN ('p', 'u') AND conparentid = 0
           AND conrelid IN (SELECT name FROM tenant)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', each.source, each.name);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s (county, %s)',
                       each.source, each.name, each.kind, each.columns);
    END LOOP;
    FOR each IN  -- unique indexes that are no constraints: over expressions, or of some rows only
        SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
          FROM pg_index
         WHERE indisunique AND indrelid IN (SELECT name FROM tenant)
           AND NOT EXISTS (SELECT FROM pg_constraint
                            WHERE conindid = indexrelid AND conrelid = indrelid)
    LOOP
        EXECUTE format('DROP INDEX %s', each.name);
        EXECUTE replace(each.definition, 'USING btree (', 'USING btree (county, ');
    END LOOP;
END
$$;

-- 4. What all counties share stands on every node.
SELECT create_reference_table('accounts_region');
SELECT create_reference_table('accounts_department');
SELECT create_reference_table('accounts_user');
SELECT create_reference_table('projects_auditseal');
SELECT create_reference_table('projects_lightrule');
SELECT create_reference_table('projects_projectlist');
SELECT create_reference_table('projects_reportingperiod');
SELECT create_reference_table('projects_sourcedocument');
SELECT create_reference_table('projects_sourcesentence');

-- 5. What is a county's own stands on one node, all of it on the same.
SELECT create_distributed_table('projects_project', 'county');
SELECT create_distributed_table(name, 'county', colocate_with => 'projects_project')
  FROM (SELECT name FROM tenant WHERE name <> 'projects_project'::regclass ORDER BY place) AS others;

-- 6. The foreign keys again.
DO $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT * FROM kept_key LOOP
        EXECUTE format(
            'ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (county, %s) REFERENCES %s (county, %s)'
            ' DEFERRABLE INITIALLY DEFERRED',
            each.source, each.name, each.columns, each.target, each.target_columns);
    END LOOP;
END
$$;
