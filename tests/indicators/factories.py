"""Plain functions that make rows of indicators and commitments."""

from decimal import Decimal
from itertools import count

from indicators.models import Commitment, Indicator, Measure, Observation, Target

_numbers = count(1)


def make_indicator(name: str = "", **fields) -> Indicator:
    """An indicator in per cent of which more is better."""
    number = next(_numbers)
    defaults = {"code": f"indicator-{number}", "name": name or f"指标{number}", "unit": "%"}
    return Indicator.objects.create(**{**defaults, **fields})


def make_target(text: str = "10", indicator: Indicator | None = None, **fields) -> Target:
    """A target of 2023, numbered and counted."""
    number = next(_numbers)
    defaults = {"year": 2023, "seq": number, "position": number}
    target = Target(indicator=indicator or make_indicator(), text=text, **{**defaults, **fields})
    target.full_clean()
    target.save()
    return target


def make_result(target: Target, text: str = "", value: str | None = None, **fields) -> Observation:
    """What was reached in the target's year."""
    return Observation.objects.create(
        indicator=target.indicator,
        text=text,
        value=None if value is None else Decimal(value),
        **{"year": target.year, **fields},
    )


def make_commitment(title: str = "", **fields) -> Commitment:
    """A task of 2024."""
    number = next(_numbers)
    defaults = {
        "code": f"task-{number}",
        "year": 2024,
        "kind": Commitment.Kind.TASK,
        "position": number,
        "text": "一项任务",
    }
    return Commitment.objects.create(title=title or f"任务{number}", **{**defaults, **fields})


def make_measure(commitment: Commitment | None = None, **fields) -> Measure:
    """A number of a commitment."""
    defaults = {"position": next(_numbers), "subject": "数量"}
    return Measure.objects.create(
        commitment=commitment or make_commitment(), **{**defaults, **fields}
    )
