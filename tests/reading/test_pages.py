import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Project
from reading import workflow
from reading.choices import Decision
from reading.models import ReadingRow, ReportReading
from tests.factories import make_entry, make_project, make_region, signed_in
from tests.reading.readings import (
    YEAR,
    amount,
    commitment,
    count,
    found,
    indicator,
    make_reading,
    project,
)
from tests.workbooks import upload

pytestmark = pytest.mark.any_database

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def region(db):
    return make_region()


@pytest.fixture
def reading(manager):
    """A report with one proposal of each kind."""
    return make_reading(
        found(
            project("山城智造园"),
            indicator("地区生产总值增速", target="6.5以上"),
            count("重点项目", 45),
            amount("工业投资", "80"),
            commitment("口袋公园"),
        ),
        manager,
    )


@pytest.fixture
def person(request):
    """The persona whose name the test gives."""
    return request.getfixturevalue(request.param)


def row_of(reading, kind="project") -> ReadingRow:
    return reading.rows.get(kind=kind)


MATRIX = {"reporter": 404, "outsider": 404, "leader": 404, "manager": 200, "admin": 200}


@pytest.mark.parametrize("person", MATRIX, indirect=True)
def test_who_may_have_reports_read(person, reading, request):
    client = signed_in(person)
    expected = MATRIX[request.node.callspec.params["person"]]
    row = row_of(reading)
    for path in ("/readings/", "/readings/lint/", f"/readings/{reading.pk}/"):
        assert client.get(path).status_code == expected, path
    assert client.get(f"/readings/{reading.pk}/rows/{row.pk}/").status_code == expected
    done = 302 if expected == 200 else 404
    for path in (
        f"/readings/{reading.pk}/rows/{row.pk}/accepted/",
        f"/readings/{reading.pk}/sure/",
        f"/readings/{reading.pk}/write/",
        f"/readings/{reading.pk}/undo/",
        f"/readings/{reading.pk}/retry/",
    ):
        assert client.post(path).status_code == done, path
    assert not Project.objects.exists()  # what the manager wrote was taken back


@pytest.mark.parametrize("person", ["reporter", "leader"], indirect=True)
def test_others_upload_nothing_and_see_no_link(person):
    client = signed_in(person)
    response = client.post("/readings/upload/", {"upload": upload(b"x", "report.txt")})
    assert response.status_code == 404
    assert not ReportReading.objects.exists()
    assert "/readings/" not in client.get("/projects/").content.decode()


def test_strangers_are_sent_to_the_door(client, reading):
    assert client.get(f"/readings/{reading.pk}/").status_code == 302


@pytest.mark.parametrize("path", ["sure", "write", "undo", "retry"])
def test_what_changes_something_is_posted(manager, reading, path):
    assert signed_in(manager).get(f"/readings/{reading.pk}/{path}/").status_code == 405


def test_an_upload_queues_a_reading_and_shows_how_far_it_is(manager):
    client = signed_in(manager)
    response = client.post("/readings/upload/", {"upload": upload("报告".encode(), "报告.txt")})
    run = ReportReading.objects.get()
    assert response["Location"] == f"/readings/{run.pk}/"
    assert (run.name, run.state, run.purpose) == ("报告.txt", "queued", "review")
    page = client.get(response["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert 'id="run"' in client.get(response["Location"], headers=HTMX).content.decode()


def test_the_page_is_loaded_anew_once_the_worker_is_done(manager, reading):
    response = signed_in(manager).get(
        f"/readings/{reading.pk}/", headers={**HTMX, "HX-Target": "run"}
    )
    assert response["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("name", "content"), [("report.exe", b"x"), ("report.doc", b"x"), ("report.txt", b"")]
)
def test_what_is_no_report_is_refused_with_the_reason(manager, name, content):
    response = signed_in(manager).post("/readings/upload/", {"upload": upload(content, name)})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert not ReportReading.objects.exists()


def test_a_failed_reading_says_why_and_can_be_asked_for_again(manager, reading):
    ReportReading.objects.filter(pk=reading.pk).update(state="failed")
    client = signed_in(manager)
    assert (
        f"/readings/{reading.pk}/retry/" in client.get(f"/readings/{reading.pk}/").content.decode()
    )
    client.post(f"/readings/{reading.pk}/retry/")
    reading.refresh_from_db()
    assert reading.state == "queued"
    assert reading.log[-1]["event"] == "asked_again"


def test_the_review_shows_words_match_and_what_would_change(manager):
    old = make_project("山城智造园")
    make_entry(old, YEAR, goal="started")
    reading = make_reading(found(project("山城智造园")), manager)
    page = signed_in(manager).get(f"/readings/{reading.pk}/").content.decode()
    assert "<mark>山城智造园</mark>" in page
    assert f"/projects/{old.code}/" in page
    assert "<del>" in page
    assert not row_of(reading).is_sure


def test_what_the_report_says_is_shown_as_text(manager):
    evil = project("<script>alert(1)</script>厂")
    reading = make_reading(found(evil), manager)
    page = signed_in(manager).get(f"/readings/{reading.pk}/").content.decode()
    assert "<script>alert" not in page


def test_a_row_is_accepted_dropped_and_opened_again(manager, reading):
    client, row = signed_in(manager), row_of(reading)
    for decision in ("accepted", "dropped", "undecided"):
        path = f"/readings/{reading.pk}/rows/{row.pk}/{decision}/"
        response = client.post(path, headers=HTMX)
        assert response["HX-Trigger"] == "reading-counted"
        assert f'id="row-{row.pk}"' in response.content.decode()
        row.refresh_from_db()
        assert (row.decision, row.decided_by) == (decision, manager)
    assert client.post(f"/readings/{reading.pk}/rows/{row.pk}/nonsense/").status_code == 404


def test_a_row_of_another_reading_is_not_found(manager, reading):
    other = make_reading(found(project("别的厂")), manager)
    path = f"/readings/{other.pk}/rows/{row_of(reading).pk}/accepted/"
    assert signed_in(manager).post(path).status_code == 404


def test_more_than_one_fits_has_to_be_chosen(manager):
    for _ in range(2):
        make_entry(make_project("山城智造园"), YEAR - 1)
    reading = make_reading(found(project("山城智造园")), manager)
    row, client = row_of(reading), signed_in(manager)
    client.post(f"/readings/{reading.pk}/rows/{row.pk}/accepted/", headers=HTMX)
    row.refresh_from_db()
    assert row.decision == "undecided"

    chosen = row.candidates[1][0]
    response = client.post(
        f"/readings/{reading.pk}/rows/{row.pk}/", correction(row, candidate=str(chosen))
    )
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.decision, row.candidate, row.values) == ("corrected", chosen, {})


def correction(row, **changed):
    """The form of a row as the page fills it, with changes."""
    client = signed_in(row.reading.asked_by)
    page = client.get(f"/readings/{row.reading.pk}/rows/{row.pk}/")
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields} | changed
    return {
        f"row-{row.pk}-{name}": "" if value is None else value for name, value in values.items()
    }


def test_a_correction_keeps_what_was_typed_and_nothing_else(manager, reading):
    row, client = row_of(reading), signed_in(manager)
    path = f"/readings/{reading.pk}/rows/{row.pk}/"
    client.post(path, correction(row, name="山城智造产业园", planned_investment="1200.50"))
    row.refresh_from_db()
    assert row.values == {"name": "山城智造产业园", "planned_investment": "1200.5"}
    client.post(f"/readings/{reading.pk}/write/")
    assert Project.objects.get().name == "山城智造产业园"
    assert str(Project.objects.get().entries.get().planned_investment) == "1200.50"


@pytest.mark.parametrize("kind", ["project", "indicator", "count", "amount", "commitment"])
def test_every_kind_can_be_corrected_as_it_stands(manager, reading, kind):
    row = row_of(reading, kind)
    path = f"/readings/{reading.pk}/rows/{row.pk}/"
    response = signed_in(manager).post(path, correction(row), headers=HTMX)
    assert response.status_code == 200
    row.refresh_from_db()
    assert (row.decision, row.values) == ("corrected", {})


def test_a_wrong_correction_comes_back_with_what_was_typed(manager, reading):
    row = row_of(reading)
    path = f"/readings/{reading.pk}/rows/{row.pk}/"
    response = signed_in(manager).post(path, correction(row, year="abc", code="no-such"))
    assert response.status_code == 422
    assert 'value="abc"' in response.content.decode()
    row.refresh_from_db()
    assert row.decision == "undecided"


def test_all_sure_ones_are_accepted_at_once_and_the_others_stay_open(manager):
    make_entry(make_project("老厂"), YEAR, goal="started")
    reading = make_reading(found(project("山城智造园"), project("老厂")), manager)
    signed_in(manager).post(f"/readings/{reading.pk}/sure/")
    decided = dict(reading.rows.values_list("subject", "decision"))
    assert decided == {"山城智造园": "accepted", "老厂": "undecided"}


def test_rows_are_narrowed(manager, reading):
    client = signed_in(manager)
    for query, expected in {
        "kind=project": ["山城智造园"],
        "q=口袋": ["口袋公园"],
        "match=known": [],
        "decision=faulty": [],
        "confidence=low": [],
        "effect=none": [],
    }.items():
        shown = client.get(f"/readings/{reading.pk}/?{query}").context["rows"]
        assert [each.subject for each in shown] == expected, query


def test_a_fault_leads_to_the_row_that_has_it(manager):
    reading = make_reading(found(project("江北水厂", category="")), manager)
    row = row_of(reading)
    workflow.decide(row.pk, Decision.ACCEPTED, by=manager, now=timezone.now())
    client = signed_in(manager)
    response = client.post(f"/readings/{reading.pk}/write/")
    assert response["Location"] == f"/readings/{reading.pk}/?decision=faulty"
    assert 'role="alert"' in client.get(response["Location"]).content.decode()
    assert not Project.objects.exists()


def test_what_was_written_is_told_and_can_be_taken_back(manager, reading):
    client = signed_in(manager)
    client.post(f"/readings/{reading.pk}/sure/")
    client.post(f"/readings/{reading.pk}/write/")
    reading.refresh_from_db()
    page = client.get(f"/readings/{reading.pk}/").content.decode()
    assert f"/sources/{reading.document.code}/" in page
    assert client.get(f"/sources/{reading.document.code}/").status_code == 200
    assert "/accepted/" not in page
    client.post(f"/readings/{reading.pk}/undo/")
    reading.refresh_from_db()
    assert (reading.state, Project.objects.exists()) == ("undone", False)


def test_what_disappeared_and_what_was_not_read_have_their_pages(manager, reading):
    make_entry(make_project("不见了的厂"), YEAR - 1, result="started")
    client = signed_in(manager)
    assert "不见了的厂" in client.get(f"/readings/{reading.pk}/?part=missing").content.decode()
    for part in ("unread", "log", "rows", "nonsense"):
        assert client.get(f"/readings/{reading.pk}/?part={part}").status_code == 200
    counts = client.get(f"/readings/{reading.pk}/?part=counts", headers=HTMX)
    assert counts.content.decode().lstrip().startswith("<div")


def queries(client, path: str) -> int:
    """How many queries the page takes."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_review_costs_the_same_for_one_row_and_for_thirty(manager):
    names = [
        f"厂房{sign}" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥赤橙黄绿青蓝紫白"
    ]
    for name in names:
        make_entry(make_project(name), YEAR - 1)
    one, many = (
        make_reading(found(*map(project, chosen)), manager) for chosen in (names[:1], names)
    )
    client = signed_in(manager)
    assert many.rows.filter(match="carry_over").count() == len(names) == 30
    for part in ("", "?part=missing", "?part=unread"):
        counts = [queries(client, f"/readings/{each.pk}/{part}") for each in (one, many)]
        assert counts[0] == counts[1], part


def test_the_list_costs_the_same_for_one_reading_and_for_many(manager):
    make_reading(found(project("山城智造园")), manager)
    client = signed_in(manager)
    one = queries(client, "/readings/")
    for _ in range(9):
        make_reading(found(), manager)
    assert queries(client, "/readings/") == one


def test_a_draft_is_shown_with_what_the_data_say(manager):
    make_entry(make_project("山城智造园", category="industry"), YEAR, goal="started")
    make_entry(make_project("没提到的厂"), YEAR, goal="started")
    draft = found(project("山城智造园"), project("不认识的厂"))
    checked = make_reading(draft, manager, purpose=ReportReading.Purpose.LINT)
    assert not checked.rows.exists()
    page = signed_in(manager).get(f"/readings/{checked.pk}/")
    faults = {code: len(found) for code, _label, found in page.context["sorts"]}
    assert faults == {"stage": 1, "not_in_data": 1, "not_in_draft": 1}
    words = page.content.decode()
    assert "<mark>山城智造园</mark>" in words
    assert "没提到的厂" in words


def test_a_draft_in_which_nothing_differs_says_so(manager):
    checked = make_reading(found(), manager, purpose=ReportReading.Purpose.LINT)
    page = signed_in(manager).get(f"/readings/{checked.pk}/")
    assert 'id="clean"' in page.content.decode()
    assert signed_in(manager).post(f"/readings/{checked.pk}/write/").status_code == 302


def test_a_report_of_another_place_is_announced_as_such(manager):
    theirs = make_reading(found(project("山城智造园"), region="临河县"), manager)
    ours = make_reading(found(project("山城智造园"), region="重庆市万州区"), manager)

    def says(reading):
        return "临河县" in signed_in(manager).get(f"/readings/{reading.pk}/").content.decode()

    assert says(theirs)
    assert not says(ours)
