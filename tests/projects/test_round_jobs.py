"""The jobs of the monthly round: at the turn of months and years, run twice, and killed half-way."""

import re
from collections import Counter
from datetime import date

import pytest
from celery.schedules import crontab
from django.conf import settings as site
from django.db import DatabaseError, connection

from projects import clearing, notifications, reminding, tasks
from projects.models import (
    AuditSeal,
    LatestFigures,
    Message,
    Obstacle,
    ObstacleKind,
    ProgressReport,
    ReportingPeriod,
    ReportLight,
)
from tests.factories import make_department, make_project, make_user
from tests.rounds import make_plan, moment, open_rounds, report_of, save
from tests.summaries.stalling import end_stalled_writers, stalled
from tests.worker import eventually

MESSAGES = Message._meta.db_table


@pytest.fixture
def on(settings):
    """A function that runs a job on a business date."""

    def run(day, job=tasks.open_and_lock_periods):
        settings.WZ_TODAY = day.isoformat()
        job()

    return run


def rounds(**of):
    return {(period.year, period.month) for period in ReportingPeriod.objects.filter(**of)}


@pytest.mark.django_db
class TestOpeningAndLocking:
    """The job of every night."""

    def test_makes_the_rounds_of_the_business_year(self, on):
        on(date(2024, 1, 1))
        assert rounds() == {(2024, month) for month in range(1, 13)}
        assert rounds(opened_at__isnull=False) == set()

    def test_in_december_those_of_the_next_year_too(self, on):
        on(date(2024, 11, 30))
        assert rounds(year=2025) == set()
        on(date(2024, 12, 1))
        assert len(rounds(year=2025)) == 12

    def test_on_the_last_night_of_the_year_december_stays_open(self, on):
        make_plan()
        on(date(2024, 12, 31))
        assert (2024, 12) in rounds(opened_at__isnull=False, locked_at__isnull=True)
        assert (2024, 11) in rounds(locked_at__isnull=False)

    def test_on_new_years_day_and_after_december_is_still_worked_on_until_its_lock(
        self, on, reporter
    ):
        entry = make_plan(reporter.department)
        for day in (date(2025, 1, 1), date(2025, 1, 9)):
            on(day)
            assert (2024, 12) not in rounds(locked_at__isnull=False)
            save(report_of(entry, 12), reporter, on=day, invested=day.day)
        on(date(2025, 1, 10))
        assert (2024, 12) in rounds(locked_at__isnull=False)
        assert (2025, 1) not in rounds(opened_at__isnull=False)
        on(date(2025, 1, 27))
        assert (2025, 1) in rounds(opened_at__isnull=False)

    def test_in_a_leap_year_februarys_round_opens_a_day_later(self, on):
        on(date(2024, 2, 24))
        assert (2024, 2) not in rounds(opened_at__isnull=False)
        on(date(2024, 2, 25))
        assert (2024, 2) in rounds(opened_at__isnull=False)
        on(date(2023, 2, 24))
        assert (2023, 2) in rounds(opened_at__isnull=False)

    def test_at_a_months_end_the_next_round_is_not_open_yet(self, on):
        make_plan()
        on(date(2024, 4, 30))
        assert (2024, 4) in rounds(opened_at__isnull=False)
        assert (2024, 5) not in rounds(opened_at__isnull=False)

    def test_gives_the_locked_months_their_lights_and_no_others(self, on, reporter):
        entry, late = make_plan(reporter.department), make_plan(reporter.department, enters_in=7)
        on(date(2024, 3, 28))
        lit = ReportLight.objects.values_list("report__entry", "report__period__month")
        assert set(lit) == {(entry.pk, 1), (entry.pk, 2)}
        on(date(2024, 4, 10))
        assert (entry.pk, 3) in set(lit.all())
        assert late.pk not in {pk for pk, _month in lit.all()}
        assert LatestFigures.objects.get(entry=entry).light_month == 3

    def test_run_again_changes_nothing(self, on, reporter):
        make_plan(reporter.department)
        day = date(2024, 4, 10)

        def everything():
            models = (ReportingPeriod, ProgressReport, ReportLight, LatestFigures, Message)
            return [list(model.objects.order_by("pk").values()) for model in models]

        on(day)
        before = everything()
        on(day)
        assert everything() == before

    def test_a_database_error_while_the_months_are_judged_leaves_the_lock_to_the_next_run(self, on):
        make_plan()
        open_rounds(1)

        def fail(execute, sql, params, many, context):
            if f'INSERT INTO "{ReportLight._meta.db_table}"' in sql:
                raise DatabaseError("refused by the test")
            return execute(sql, params, many, context)

        with (
            connection.execute_wrapper(fail),
            pytest.raises(DatabaseError, match="refused by the test"),
        ):
            on(date(2024, 2, 10))
        assert rounds(locked_at__isnull=False) == set()
        on(date(2024, 2, 10))
        assert rounds(locked_at__isnull=False) == {(2024, 1)}
        assert ReportLight.objects.count() == 1


@pytest.mark.django_db
class TestTheOtherJobs:
    """Reminders, mail, seals, obstacles."""

    def test_reminders_are_those_of_the_business_date(self, on, reporter):
        make_plan(reporter.department)
        on(date(2024, 1, 27))
        for day in (date(2024, 2, 1), date(2024, 2, 2), date(2024, 2, 2), date(2024, 2, 3)):
            on(day, tasks.send_reminders)
        assert [message.key[-10:] for message in Message.objects.all()] == ["2024-02-02"]

    def test_mail_goes_out_once(self, on, reporter, mailoutbox):
        reporter.email = "li@example.cn"
        reporter.save()
        make_plan(reporter.department)
        on(date(2024, 1, 27))
        on(date(2024, 2, 2), tasks.send_reminders)
        for _ in range(2):
            on(date(2024, 2, 2), tasks.deliver_mail)
        assert [message.to for message in mailoutbox] == [["li@example.cn"]]

    def test_a_seal_covers_the_day_before_and_is_made_once(self, on, reporter):
        entry = make_plan(reporter.department)
        open_rounds(3)
        save(report_of(entry, 3), reporter)
        for _ in range(2):
            on(date(2025, 1, 1), tasks.seal_histories)
        seal = AuditSeal.objects.get()
        assert seal.day == date(2024, 12, 31)
        assert seal.events == 2

    def test_obstacles_climb_once_a_day(self, on, reporter):
        project = make_project(department=reporter.department)
        raised = clearing.raise_obstacle(
            project,
            kind=ObstacleKind.LAND,
            text="征地未完",
            responsible=make_department("500101-GTJ"),
            due_on=date(2024, 3, 1),
            by=reporter,
            on=date(2024, 2, 1),
            at=moment(date(2024, 2, 1)),
        )
        level = raised.level
        for _ in range(2):
            on(raised.level_due_on, tasks.escalate_obstacles)
        assert Obstacle.objects.get().level == level
        for _ in range(2):
            on(date(2024, 2, 29), tasks.escalate_obstacles)
        assert Obstacle.objects.get().level == level + 1


def test_the_timetable_runs_on_the_offices_clock():
    times = {
        name: (entry["schedule"].hour, entry["schedule"].minute)
        for name, entry in site.CELERY_BEAT_SCHEDULE.items()
        if isinstance(entry["schedule"], crontab)
    }
    assert site.CELERY_TIMEZONE == "Asia/Shanghai"
    assert times["open-and-lock-periods"] == ({0}, {5})
    assert times["seal-histories"] == ({0}, {20})
    assert times["send-reminders"] == ({8}, {30})
    assert site.CELERY_BEAT_SCHEDULE["deliver-mail"]["schedule"].total_seconds() == 60


class TestAPowerCut:
    """A worker killed in the middle; the broker gives its job to another."""

    OFFICERS = 5
    DAY = date(2024, 2, 2)

    @pytest.fixture
    def officers(self, transactional_db):
        department = make_department()
        people = [
            make_user(f"p{number}", email=f"p{number}@example.cn", department=department)
            for number in range(self.OFFICERS)
        ]
        make_plan(department)
        open_rounds(1)
        return people

    @pytest.fixture
    def post(self, tmp_path):
        """Where e-mails are put down, as files."""
        folder = tmp_path / "post"
        folder.mkdir()
        return folder

    @pytest.fixture
    def start(self, start_worker, post):
        """Starts a worker on the day; what a killed one leaves comes back after two seconds."""

        def start():
            return start_worker(
                WZ_TODAY=self.DAY.isoformat(),
                EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
                EMAIL_URL=f"filemail:///{post}",
                JOB_REDELIVERY_SECONDS="2",
            )

        return start

    def delivered(self, post):
        """The Message-IDs in the files, with how often each was put down."""
        found = Counter()
        for file in post.iterdir():
            found.update(re.findall(r"^Message-ID: (.*)$", file.read_text("utf-8"), re.MULTILINE))
        return found

    def test_while_reminders_are_written_leaves_one_for_each_person(self, officers, start):
        worker = start()
        third = officers[2].pk
        with stalled(MESSAGES, "INSERT", f"NEW.recipient_id = {third}"):
            tasks.send_reminders.delay()
            eventually(Message.objects.exists)
            worker.kill()
            end_stalled_writers()
        told = Message.objects.values_list("recipient__username", flat=True)
        assert set(told) == {"p0", "p1"}

        start()
        eventually(lambda: Message.objects.count() == 2 * self.OFFICERS, seconds=60)
        tasks.send_reminders.delay()
        tasks.deliver_mail.delay()
        eventually(lambda: not Message.objects.filter(sent_at=None).exists(), seconds=60)
        pairs = Message.objects.values_list("recipient__username", "channel")
        assert Counter(pairs) == {
            (person.username, channel): 1 for person in officers for channel in ("inbox", "email")
        }

    def test_while_mail_is_sent_sends_each_once(self, officers, start, post):
        reminding.remind_due(on=self.DAY, at=moment(self.DAY))
        mails = list(Message.objects.filter(channel="email").order_by("pk"))
        assert len(mails) == self.OFFICERS
        worker = start()
        with stalled(MESSAGES, "UPDATE", f"NEW.id = {mails[2].pk}"):
            tasks.deliver_mail.delay()
            sent = Message.objects.filter(channel="email", sent_at__isnull=False)
            eventually(lambda: sent.count() == 2)
            worker.kill()
            end_stalled_writers()
        assert sum(self.delivered(post).values()) == 2
        assert Message.objects.get(pk=mails[2].pk).attempts == 0

        start()
        eventually(lambda: not Message.objects.filter(sent_at=None).exists(), seconds=60)
        tasks.deliver_mail.delay()
        eventually(lambda: len(self.delivered(post)) == self.OFFICERS)
        assert self.delivered(post) == {
            notifications.mail(message).message()["Message-ID"]: 1 for message in mails
        }
