"""Plans as people type them: what the adoption table posts."""

from typing import Any

from projects.models import AnnualPlan
from projects.plan_rows import MONTH_FIELDS

DECISION = {"approved_by": "区人民政府", "approved_on": "2024-01-15", "spread": "even"}


def typed(
    *rows: tuple[AnnualPlan, dict[str, str]],
    months: dict[AnnualPlan, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The table's fields; `months` are twelve amounts parted by blanks."""
    posted: dict[str, Any] = {
        **DECISION,
        "entry": [str(entry.pk) for entry, _values in rows],
        **more,
    }
    for entry, values in rows:
        posted |= {f"{name}-{entry.pk}": value for name, value in values.items()}
    for entry, text in (months or {}).items():
        posted |= {
            f"{name}-{entry.pk}": amount
            for name, amount in zip(MONTH_FIELDS, text.split(), strict=True)
        }
    return posted


def amount(text: str, **values: str) -> dict[str, str]:
    """A row with its amount."""
    return {"planned_investment": text, **values}
