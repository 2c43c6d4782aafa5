"""Two web processes, two workers, a primary and its replica: one of each is killed under load, and nothing is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Region
from accounts.roles import Role
from office import replica
from projects.colouring import adopted_rules
from projects.models import ProgressReport, ReportEvent, ReportState
from summaries import keeping, workflow
from summaries.models import DocumentRun, ProgressSummary
from tests.factories import make_department, make_region, make_user, signed_in
from tests.machines import Machines, Pair, primary_at, replica_known
from tests.people_at_work import Load, Person
from tests.rounds import make_plan, open_rounds, report_of
from tests.summaries.stalling import end_stalled_writers, stalled
from tests.worker import Worker, eventually

pytestmark = [
    pytest.mark.postgresql_only,
    pytest.mark.django_db(transaction=True, databases=["default", "replica"]),
    pytest.mark.xdist_group("two_of_each"),
]

MONTH = "/month/2024/1/"
READ_AT_THE_REPLICA = (
    "/",
    "/wall/",
    "/plans/?year=2024&file=csv",
    "/projects/?file=xlsx",
    "/as-of/?date=2024-01-20",
)
SUMMARY = {"kind": "progress_summary", "year": "2024"}
CELLS_READ = (
    "SELECT sum(seq_scan + idx_scan) FROM pg_stat_user_tables WHERE relname LIKE 'summaries%cell'"
)
END_SESSIONS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    with Machines(tmp_path_factory.mktemp("machines")) as running:
        yield running
        for log in sorted(running.folder.glob("*.log")):
            print(f"{log.name}:\n{log.read_text()[-3000:]}")  # noqa: T201 - shown when the test failed


@pytest.fixture(scope="module", autouse=True)
def pair(machines, django_db_setup, django_db_blocker):
    """The servers; as soon as they run, this process knows of a replica."""
    with TemporaryDirectory(prefix="wz-tests-pair-", ignore_cleanup_errors=True) as made_folder:
        folder = Path(made_folder)
        folder.chmod(0o755)  # PostgreSQL may run as another user
        with django_db_blocker.unblock():
            made = Pair(machines, folder)
            with replica_known(made.replica.url):
                yield made


@pytest.fixture
def patient(settings, monkeypatch):
    """Nothing has gone wrong with the replica yet, and it is waited for."""
    settings.REPLICA_PATIENCE = 20
    monkeypatch.setattr(replica._Patience, "until", 0.0)


def test_the_primary_is_asked_who_reads_and_how_far_it_is_and_little_else(pair, patient):
    with primary_at(pair.address):
        make_plan()
        adopted_rules()  # the first version is written by whoever asks for it first
        client = signed_in(make_user(role=Role.MANAGER))
        for address in READ_AT_THE_REPLICA:
            with (
                CaptureQueriesContext(connections["replica"]) as there,
                CaptureQueriesContext(connections["default"]) as here,
            ):
                answer = client.get(address)
                list(answer)
            assert answer.status_code == 200, address
            assert any("projects_" in query["sql"] for query in there), address
            assert len(here) <= 3, address


def test_what_only_reads_is_read_at_the_replica_as_soon_as_it_has_everything(
    pair, patient, settings, monkeypatch, caplog
):
    with primary_at(pair.address):
        saved = make_region("500199", name="旧")
        with replica.reading():
            found = Region.objects.get(pk=saved.pk)
            assert found._state.db == replica.alias() == "replica"
            with transaction.atomic():
                assert replica.alias() == "default"
            found.name = "新"
            found.save()
            read_at = replica.kept(replica.alias() for _time in range(2))
        assert list(read_at) == ["replica", "replica"]
        with replica.reading():
            assert Region.objects.get(pk=saved.pk).name == "新"

        # It is lost in the middle of something.
        calls = []

        @replica.reader
        def count():
            calls.append(replica.alias())
            if len(calls) == 1:
                pair.ask(pair.replica, END_SESSIONS)
            return Region.objects.filter(pk=saved.pk).count()

        assert count() == 1
        assert calls == ["replica", "default"]

        # It does not get on.
        monkeypatch.setattr(replica._Patience, "until", 0.0)
        settings.REPLICA_PATIENCE = 0.1
        pair.ask(pair.replica, "SELECT pg_wal_replay_pause()")
        make_region("500198")
        with replica.reading():
            assert replica.alias() == "default"
            assert Region.objects.filter(code="500198").exists()
        pair.ask(pair.replica, "SELECT pg_wal_replay_resume()")
    assert "lags by more than 0.1 s" in caplog.text


@dataclass
class Site:
    """The site as it stands when the load begins: who works at what, and who works for them."""

    reporters: dict[int, Person]
    """By the report that is theirs to save."""
    manager: Person
    workers: dict[str, Worker]

    @property
    def writers(self) -> set[Person]:
        return set(self.reporters.values())

    def failures(self) -> int:
        """How many requests of those who write had to be repeated."""
        return sum(len(person.failed) for person in self.writers)


@pytest.fixture
def office(pair, machines, broker, tmp_path) -> Iterator[Site]:
    """Three departments with two projects each, an open round; two web processes and two workers."""
    with primary_at(pair.address):
        users = [make_user(department=make_department(f"500101-{number}")) for number in range(3)]
        plans = [(user, make_plan(user.department)) for user in users for _time in range(2)]
        period = open_rounds(1)
        keeping.rebuild(2024, at=timezone.now())
        environment = {
            "DATABASE_URL": pair.address,
            "REPLICA_URL": pair.replica.url,
            "REPLICA_PATIENCE": "1",
            "WZ_TODAY": period.due_on.isoformat(),
            "MEDIA_ROOT": str(tmp_path),
            "DEBUG": "true",  # so that the static files need not be collected
        }
        names = ("worker1", "worker2")
        webs = [machines.web(f"web{number}", environment, threads=4) for number in (1, 2)]
        workers = {name: machines.worker(name, environment) for name in names}
        people = {user: Person(user, webs[user.pk % 2 :] + webs[: user.pk % 2]) for user in users}
        manager = Person(make_user(role=Role.MANAGER), webs)
        for person in (*people.values(), manager):
            assert person.ask("GET", "/accounts/password/").status == 200
            person.failed.clear()  # a web process that had still been starting
        eventually(lambda: all(each.answers() for each in workers.values()), seconds=120)
        yield Site({report_of(plan, 1).pk: people[user] for user, plan in plans}, manager, workers)


def test_one_of_each_is_killed_under_load_and_nothing_is_lost(pair, machines, office):
    load = Load(MONTH, READ_AT_THE_REPLICA)
    load.begin(office.reporters, office.manager)
    load.wait()
    assert eventually(lambda: pair.ask(pair.replica, CELLS_READ))

    # A worker in the middle of a document: its run is ended, and built by the other when asked again.
    with stalled(ProgressSummary._meta.db_table, "INSERT"):
        assert office.manager.ask("POST", "/documents/build/", **SUMMARY).status == 302
        run = DocumentRun.objects.get()
        eventually(lambda: "words" in [line["event"] for line in fresh(run).log], seconds=60)
        machines.kill(next(name for name, each in office.workers.items() if each.is_busy()))
        end_stalled_writers()
    load.wait()
    assert not ProgressSummary.objects.exists()
    later = timezone.now() + workflow.PATIENCE + timedelta(seconds=1)
    assert workflow.fail_lost(now=later) == 1
    assert office.manager.ask("POST", f"/documents/{run.pk}/retry/").status == 302
    eventually(lambda: fresh(run).state == "done", seconds=60)
    assert ProgressSummary.objects.count() == 1

    # The replica: the primary is read, and who writes notices nothing.
    machines.kill("replica")
    load.wait()
    assert office.failures() == 0
    warned = [machines.log(name).read_text() for name in ("web1", "web2")]
    assert any("instead of the replica" in log for log in warned)
    machines.database("replica", pair.replica)

    # A web process: the other answers.
    machines.kill("web1")
    load.wait()

    # The primary: the replica takes its place.
    pair.wait_for_commits()
    load.wait()
    machines.kill("primary")
    pair.promote()
    connections["default"].close()  # this process, too, had one to the old primary
    load.wait()
    assert office.manager.ask("POST", "/documents/build/", **SUMMARY).status == 302
    load.end()

    assert office.failures() > 0
    for report, saved in load.saved.items():
        steps = ReportEvent.objects.filter(report=report).order_by("number")
        figures = [
            Decimal(each.after["invested_ytd"]) for each in steps if "invested_ytd" in each.after
        ]
        assert set(saved) <= set(figures)
        assert ProgressReport.objects.get(pk=report).invested_ytd == figures[-1] >= saved[-1]
    for writer in office.writers:
        assert writer.ask("POST", f"{MONTH}submit/").status == 302
    assert not ProgressReport.objects.filter(pk__in=load.saved).exclude(state=ReportState.SUBMITTED)
    eventually(lambda: not DocumentRun.objects.exclude(state="done").exists(), seconds=60)
    eventually(lambda: not keeping.waiting(), seconds=60)


def fresh(run):
    """The run as it stands now."""
    return DocumentRun.objects.get(pk=run.pk)
