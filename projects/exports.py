"""A year's plan and stated amounts as plain data, for people who script."""

from typing import Any

from projects.models import AnnualPlan, Cited, PlanStatement, StatedAmount


def plan_years() -> list[int]:
    """The years that have a plan, the first one first."""
    entries = set(AnnualPlan.objects.values_list("year", flat=True))
    counts = set(PlanStatement.objects.values_list("year", flat=True))
    return sorted(entries | counts)


def plan_of(year: int) -> dict[str, Any]:
    """Every entry of the year in printed order and, apart from them, the counts that are stated.

    A named list is no stated count: 竣工…45个以上 names nine projects.
    """
    entries = AnnualPlan.objects.filter(year=year).order_by("table", "position", "id")
    counts = PlanStatement.objects.filter(year=year).order_by("code")
    return {
        "year": year,
        "entries": [
            _entry(entry) for entry in entries.select_related("project", "sentence__document")
        ],
        "stated_counts": [_count(count) for count in counts.select_related("sentence__document")],
    }


def statement_years() -> list[int]:
    """The years that have stated amounts, the first one first."""
    return sorted(set(StatedAmount.objects.values_list("year", flat=True)))


def statements_of(year: int) -> dict[str, Any]:
    """The investment, funding and contract amounts that the report states of the year."""
    amounts = StatedAmount.objects.filter(year=year).order_by("code")
    return {
        "year": year,
        "statements": [_amount(amount) for amount in amounts.select_related("sentence__document")],
    }


def source_of(fact: Cited) -> dict[str, Any] | None:
    """Where a fact stands: document, section, number of the sentence and the exact words."""
    if fact.sentence is None:
        return None
    return {
        "document": fact.sentence.document.code,
        "section": fact.sentence.section,
        "sentence": fact.sentence.number,
        "quote": fact.quote,
    }


def _entry(entry: AnnualPlan) -> dict[str, Any]:
    return {
        "code": entry.project.code,
        "name": entry.project.name,
        "cited_name": entry.cited_name,
        "year": entry.year,
        "level": entry.level,
        "category": entry.category,
        "sector": entry.sector,
        "table": entry.table,
        "heading": entry.heading,
        "position": entry.position,
        "verb": entry.cited_verb,
        "goal": entry.goal,
        "result": entry.result,
        "planned_investment": entry.planned_investment,
        "invested_before": entry.invested_before,
        "featured": entry.featured,
        "status": entry.project.status,
        "source": source_of(entry),
    }


def _count(count: PlanStatement) -> dict[str, Any]:
    return {
        "code": count.code,
        "year": count.year,
        "level": count.level,
        "category": count.category,
        "sector": count.sector,
        "table": count.table,
        "subject": count.subject,
        "goal": count.goal,
        "comparator": count.comparator,
        "count": count.count,
        "text": count.text,
        "source": source_of(count),
    }


def _amount(amount: StatedAmount) -> dict[str, Any]:
    return {
        "code": amount.code,
        "kind": amount.kind,
        "subject": amount.subject,
        "scope": amount.scope,
        "comparator": amount.comparator,
        "value": amount.value,
        "unit": amount.unit,
        "growth": amount.growth,
        "growth_unit": amount.growth_unit,
        "count": amount.count,
        "completion_rate": amount.completion_rate,
        "text": amount.text,
        "sentence": amount.sentence.text if amount.sentence else None,
        "section": amount.sentence.section if amount.sentence else None,
        "source": source_of(amount),
    }
