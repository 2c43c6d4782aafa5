"""Plain functions that make what a report was found to say; what a test does not say does not matter to it."""

from decimal import Decimal

from django.utils import timezone

from reading import workflow
from reading.models import ReportReading
from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    Evidence,
    IndicatorFound,
    Part,
    ProjectFound,
    Reading,
)

YEAR = 2025
SURE = {"confidence": Decimal("0.95"), "doubts": ()}


def evidence(quote: str, line: int = 1, **fields) -> Evidence:
    return Evidence(line=line, sentence=fields.pop("sentence", quote), quote=quote, **fields)


def project(name: str, line: int = 3, **fields) -> ProjectFound:
    """A project that a table of the plan's year promises to complete."""
    defaults = {
        "part": Part.PLAN,
        "verb": "竣工",
        "stage": "completed",
        "category": "industry",
        "year": YEAR,
        "position": 1,
        "evidence": evidence(name, line, table="表5 2025年产业发展重点项目", sentence=LINES[2]),
        **SURE,
    }
    return ProjectFound(name=name, **{**defaults, **fields})


def indicator(name: str, target: str = "", actual: str = "", line: int = 5, **fields):
    """A row of the table of targets."""
    defaults = {
        "unit": "%",
        "binding": False,
        "year": YEAR,
        "seq": "1",
        "evidence": evidence(f"{name}（%）", line, table="表4 2025年计划", sentence=LINES[4]),
        **SURE,
    }
    return IndicatorFound(name=name, target=target, actual=actual, **{**defaults, **fields})


def count(subject: str, number: int, **fields) -> CountFound:
    """A number of projects that the plan promises."""
    defaults = {
        "part": Part.PLAN,
        "verb": "竣工",
        "stage": "completed",
        "comparator": "ge",
        "year": YEAR,
        "evidence": evidence(f"{subject}{number}个以上", 6, sentence=LINES[5]),
        **SURE,
    }
    return CountFound(subject=subject, count=number, **{**defaults, **fields})


def amount(subject: str, value: str, unit: str = "亿元", **fields) -> AmountFound:
    """Money that was invested in the year gone by."""
    defaults = {
        "part": Part.RESULT,
        "kind": "investment",
        "comparator": "eq",
        "year": YEAR - 1,
        "evidence": evidence(f"完成{subject}{value}{unit}", 7, sentence=LINES[6]),
        **SURE,
    }
    return AmountFound(subject=subject, value=Decimal(value), unit=unit, **{**defaults, **fields})


def commitment(title: str, text: str = "新建口袋公园4个。", **fields) -> CommitmentFound:
    """A livelihood item of the plan."""
    defaults = {
        "kind": "livelihood",
        "part": Part.PLAN,
        "position": 1,
        "year": YEAR,
        "evidence": evidence(f"{title}\t{text}", 8, table="表6 2025年民生实事", sentence=LINES[7]),
        **SURE,
    }
    return CommitmentFound(title=title, text=text, **{**defaults, **fields})


LINES = (
    "关于某区2024年国民经济和社会发展计划执行情况及2025年计划草案的报告",
    "表5 2025年产业发展重点项目",
    "竣工山城智造园、江北水厂一期等项目。",
    "表4 2025年计划",
    "1\t地区生产总值增速（%）\t6.5以上\t预期性",
    "竣工重点项目45个以上。",
    "完成工业投资80亿元、同比增长6.7%。",
    "口袋公园\t新建口袋公园4个。",
)


def found(*proposals, lines=LINES, year: int = YEAR, **fields) -> Reading:
    """A reading of these proposals, sorted by their kind."""

    def of(kind):
        return tuple(each for each in proposals if isinstance(each, kind))

    return Reading(
        title=lines[0] if lines else "报告",
        issuer="某区发展和改革委员会",
        region=fields.pop("region", ""),
        year=year,
        lines=lines,
        indicators=of(IndicatorFound),
        projects=of(ProjectFound),
        counts=of(CountFound),
        amounts=of(AmountFound),
        commitments=of(CommitmentFound),
        **fields,
    )


def make_reading(reading: Reading, by, purpose=ReportReading.Purpose.REVIEW) -> ReportReading:
    """A reading that a worker has finished."""
    run = workflow.ask(
        name="report.txt",
        content="\n".join(reading.lines).encode(),
        purpose=purpose,
        by=by,
        now=timezone.now(),
    )
    taken = workflow.claim(run.pk, now=timezone.now())
    workflow.finish(taken, reading, now=timezone.now())
    run.refresh_from_db()
    return run
