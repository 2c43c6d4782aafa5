"""How gunicorn serves the site, alike under systemd and in a container; numbers come from the environment."""

import os
import shutil
from tempfile import mkdtemp
from typing import Any

from gunicorn.arbiter import Arbiter

from wzprojects.operations import log_lines

wsgi_app = "wzprojects.wsgi"
# Under systemd the socket is handed over and this is not asked.
bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Longer than nginx keeps its connections, so that none is closed under a request.
keepalive = 75
timeout = 60
graceful_timeout = 30
# A worker is replaced now and then; not all at once.
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True
# Django writes a line for each request (log_lines.py); gunicorn's own lines look the same.
accesslog = None
logconfig_dict: dict[str, Any] = log_lines.configuration(as_json=True)
logconfig_dict["loggers"] |= {
    "gunicorn.error": {
        "level": "INFO",
        "handlers": [],
        "propagate": True,
        "qualname": "gunicorn.error",
    },
    # With addresses and query strings in it: the site's line and nginx' are enough.
    "gunicorn.access": {
        "level": "CRITICAL",
        "handlers": [],
        "propagate": False,
        "qualname": "gunicorn.access",
    },
}

# Counters of all workers are added up in a folder that lives as long as this service. Named before
# anybody imports prometheus_client, which asks for it then.
_counters = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or mkdtemp(prefix="metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counters


def on_exit(server: Arbiter) -> None:
    """Take the folder away; a reload keeps it."""
    shutil.rmtree(_counters, ignore_errors=True)
