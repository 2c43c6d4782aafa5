"""How many rows PostgreSQL reads for a statement."""

import json


def read_of(queryset, table="projects_progressreport"):
    """How many rows of a table the statement reads, those that it passes over included."""
    plan = json.loads(queryset.explain(format="json", analyze=True))[0]["Plan"]
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(plan)
        if node.get("Relation Name", "").startswith(table)
    )


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
