"""The servers that benchmarks run on: theirs alone, made for the run and gone with it.

On PostgreSQL a cluster is made, tuned as a server of its memory would be; DATABASE_URL names
another. DATABASE=sqlite measures on the embedded default.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from scripts import servers
from scripts.supervisor import Supervisor
from tests import ground

TODAY = "2024-10-28"
ON_SQLITE = os.environ.get("DATABASE", "") == "sqlite"
GIGABYTE = 1024**3
MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def tuning() -> dict[str, str]:
    """A quarter of the memory for the cache, generous sorts, no compiling of queries."""
    cache = max(1, min(MEMORY // GIGABYTE // 4, 8))
    return {
        "shared_buffers": f"{cache}GB",
        "effective_cache_size": f"{2 * cache}GB",
        "work_mem": "64MB",
        "maintenance_work_mem": "512MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "30min",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",
    }


def start_cluster() -> None:
    """A cluster for this run alone; it ends and goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="wz-bench-"))
    supervisor = Supervisor()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(supervisor.stop)
    servers.POSTGRESQL_SETTINGS.update(tuning())
    os.environ["DATABASE_URL"] = ground.started(supervisor, servers.postgresql(folder))


def prepare() -> None:
    """Start the servers, then Django with settings that point at them, on the benchmark's own day."""
    if not ON_SQLITE:
        os.environ["TEST_DATABASE"] = "postgresql"
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            start_cluster()
    ground.prepare()
    os.environ["WZ_TODAY"] = settings.WZ_TODAY = TODAY  # programs that are started inherit it
