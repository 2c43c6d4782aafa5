"""`make worker`: one more Celery worker, for the servers of the environment or for the running demo."""

import json
import os
import sys

from scripts.demo import CONNECTION


def main() -> None:
    """Become the worker; end with a message where there is no broker to work for."""
    if not os.environ.get("REDIS_URL"):
        if not CONNECTION.exists():
            sys.exit("No broker: start the site with `make run`, or set REDIS_URL.")
        os.environ.update(json.loads(CONNECTION.read_text()))
    arguments = ["celery", "-A", "wzprojects", "worker", f"--hostname=extra-{os.getpid()}@%h"]
    os.execv(sys.executable, [sys.executable, "-m", *arguments, "--loglevel=INFO"])


if __name__ == "__main__":
    main()
