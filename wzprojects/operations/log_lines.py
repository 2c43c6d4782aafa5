"""How log lines look: JSON in production, words at a desk; which request or job each is of; nothing personal.

A line says which account by number, which address without its query string, never what was typed.
What others write into their messages all the same is withheld by `withhold`.
"""

import re
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

WITHHELD = "(withheld)"
# What may stand in somebody else's message: addresses, tokens, passwords of servers, values of rows.
PERSONAL = (
    (re.compile(r"\bwz_\w{8,}"), WITHHELD),
    (re.compile(r"\bBearer\s+[\w.~+/=-]+", re.IGNORECASE), f"Bearer {WITHHELD}"),
    (re.compile(r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)"), WITHHELD),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), WITHHELD),
    (re.compile(r"(?m)^(DETAIL|CONTEXT): .*$"), rf"\1: {WITHHELD}"),
)
OFTEN = {
    "summaries.tasks.refresh_cells",
    "summaries.tasks.fail_lost_runs",
    "exchange.tasks.fail_lost_imports",
    "reading.tasks.fail_lost_readings",
    "projects.tasks.deliver_webhooks",
    "projects.tasks.deliver_mail",
}
"""Jobs of every minute or more often: started by the clock they say nothing where nothing went wrong."""


def withhold(logger: Any, method: str, event: EventDict) -> EventDict:
    """Take out of a line what concerns persons and keys."""
    for name, value in event.items():
        if isinstance(value, str):
            for pattern, instead in PERSONAL:
                value = pattern.sub(instead, value)
            event[name] = value
    return event


def leave_out_frequent(logger: Any, method: str, event: EventDict) -> EventDict:
    """Drop the line of a frequent job that the clock started and that succeeded."""
    is_success = event.get("event") == "task_succeeded"
    if is_success and event.get("task") in OFTEN and "request_id" not in event:
        raise structlog.DropEvent
    return event


def somebody(*attempt: Any) -> str:
    """How axes calls who tried to sign in; name and address are kept in the database only."""
    return "somebody"


# Of lines that structlog begins, and of those that come through Python's own logging.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration(*, as_json: bool) -> dict[str, Any]:
    """Set structlog up, and return what Django's LOGGING is to be."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            leave_out_frequent,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    ProcessorFormatter.remove_processors_meta,
                    *(_as_json() if as_json else _as_words()),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Requests and jobs have a line of ours, failures with their traceback; once is enough.
            "django.request": {"level": "CRITICAL"},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "django_celery_beat": {"level": "WARNING"},
            # At a desk one reads what went wrong; every request would bury it.
            "django_structlog.middlewares": {"level": "INFO" if as_json else "WARNING"},
            "axes.apps": {"level": "WARNING"},
        },
    }


def _as_json() -> list[Processor]:
    return [
        structlog.processors.format_exc_info,
        withhold,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _as_words() -> list[Processor]:
    plain = structlog.dev.plain_traceback
    return [withhold, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
