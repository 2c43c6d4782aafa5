"""Milestones and preparatory nodes: who may enter what, what is kept, and how late it is."""

from datetime import date

import pytest

from projects.models import Milestone, StatusChange
from tests.factories import make_project, signed_in

pytestmark = pytest.mark.any_database

ON = date(2024, 7, 10)


@pytest.fixture(autouse=True)
def _in_july(settings):
    settings.WZ_TODAY = ON.isoformat()


@pytest.fixture
def project(reporter):
    return make_project("成达万高铁", department=reporter.department)


@pytest.fixture
def node(project):
    return Milestone.objects.create(
        project=project, name="施工许可证", kind="preparation", due_on=date(2024, 6, 30)
    )


def page(project):
    return f"/projects/{project.code}/milestones/"


def line(name, kind="preparation", due_on="", done_on="", **more):
    return {"name": name, "kind": kind, "due_on": due_on, "done_on": done_on, **more}


def form(version=0, **lines):
    """What the page sends: n0=line(…) for a new node, m12=line(…) for one that is there."""
    typed = {"version": str(version), "lines": list(lines)}
    for prefix, values in lines.items():
        typed |= {f"{prefix}-{field}": value for field, value in values.items()}
    return typed


def names(project):
    return list(project.milestones.order_by("pk").values_list("name", flat=True))


def test_who_may_open_and_send_the_form(project, reporter, outsider, manager, admin, leader):
    expected = {reporter: 200, manager: 200, admin: 200, leader: 403, outsider: 404}
    for person, status in expected.items():
        client = signed_in(person)
        assert client.get(page(project)).status_code == status, person
        if status != 200:
            assert client.post(page(project), form(n0=line("立项"))).status_code == status
    assert not Milestone.objects.exists()


def test_the_form_is_sent_and_nothing_else(project, manager):
    client = signed_in(manager)
    assert client.put(page(project)).status_code == 405
    assert client.delete(page(project)).status_code == 405


def test_nodes_are_added_and_blank_lines_are_none(project, manager):
    typed = form(
        n0=line("施工许可证", due_on="2024-06-30"), n1=line(""), n2=line("封顶", "construction")
    )
    assert signed_in(manager).post(page(project), typed).status_code == 302
    assert list(project.milestones.order_by("name").values_list("name", "kind", "due_on")) == [
        ("封顶", "construction", None),
        ("施工许可证", "preparation", date(2024, 6, 30)),
    ]


def test_the_usual_preparatory_nodes_are_offered(project, manager):
    html = signed_in(manager).get(page(project)).content.decode()
    assert html.count("<option value=") >= 11 + 2 * 3
    assert 'list="usual-nodes"' in html
    assert '<datalist id="usual-nodes">' in html


def test_a_node_is_changed_marked_done_and_removed(project, node, manager):
    client, prefix = signed_in(manager), f"m{node.pk}"
    changed = line("施工许可证（主体）", due_on="2024-07-01", done_on="2024-07-05")
    assert client.post(page(project), form(**{prefix: changed})).status_code == 302
    node.refresh_from_db()
    assert (node.name, node.done_on) == ("施工许可证（主体）", date(2024, 7, 5))
    removed = form(1, **{prefix: {**changed, "is_removed": "on"}})
    assert client.post(page(project), removed).status_code == 302
    assert not Milestone.objects.exists()


def test_every_change_is_a_step_of_the_project_with_before_and_after(project, node, manager):
    client, key = signed_in(manager), f"milestone:{node.pk}"
    done = line(node.name, due_on="2024-06-30", done_on="2024-07-05")
    client.post(page(project), form(**{f"m{node.pk}": done}))
    client.post(page(project), form(1, **{f"m{node.pk}": {**done, "is_removed": "on"}}))
    first, second = StatusChange.objects.order_by("number")
    was = {"name": "施工许可证", "kind": "preparation", "due_on": "2024-06-30", "done_on": None}
    became = {**was, "done_on": "2024-07-05"}
    assert (first.before, first.after) == ({key: was}, {key: became})
    assert (second.before, second.after) == ({key: became}, {key: None})
    assert (second.by, second.previous) == (manager, first.digest)
    project.refresh_from_db()
    assert (project.version, project.head) == (2, second.digest)


def test_what_does_not_differ_leaves_no_step(project, node, manager):
    same = form(**{f"m{node.pk}": line(node.name, due_on="2024-06-30")})
    assert signed_in(manager).post(page(project), same).status_code == 302
    assert not StatusChange.objects.exists()


def test_two_nodes_swap_their_names_and_a_removed_name_is_taken_again(project, manager):
    one, two, three = (
        Milestone.objects.create(project=project, name=name) for name in ("一", "二", "三")
    )
    typed = form(
        **{
            f"m{one.pk}": line("二", "construction"),
            f"m{two.pk}": line("一", "construction"),
            f"m{three.pk}": line("三", "construction", is_removed="on"),
            "n0": line("三"),
        }
    )
    assert signed_in(manager).post(page(project), typed).status_code == 302
    assert names(project) == ["二", "一", "三"]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ({"n0": line("", due_on="2024-06-30")}, ("n0", "name")),
        ({"n0": line("立项"), "n1": line("立项")}, ("n0", "name")),
        ({"n0": line("施工许可证")}, ("n0", "name")),
        ({"n0": line("立项", done_on="2024-07-11")}, ("n0", "done_on")),
        ({"n0": line("立项", due_on="2024-02-30")}, ("n0", "due_on")),
        ({"n0": line("立项", kind="other")}, ("n0", "kind")),
        ({"n0": line("长" * 101)}, ("n0", "name")),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(project, node, manager, lines, wrong):
    answer = signed_in(manager).post(page(project), form(**lines))
    assert answer.status_code == 422
    errors = {
        (each.prefix, field)
        for each in answer.context["forms"]
        if each.is_bound
        for field in each.errors
    }
    assert wrong in errors
    assert lines["n0"]["name"] in answer.content.decode()
    assert names(project) == ["施工许可证"]


def test_a_page_without_its_version_changes_nothing(project, manager):
    typed = form(n0=line("立项")) | {"version": "x"}
    assert signed_in(manager).post(page(project), typed).status_code == 422
    assert not Milestone.objects.exists()


def test_a_reporting_officer_says_what_is_done_and_moves_no_day(project, node, reporter):
    typed = form(
        n0=line("立项"),
        **{f"m{node.pk}": line("改名", due_on="2024-12-31", done_on="2024-07-09", is_removed="on")},
    )
    assert signed_in(reporter).post(page(project), typed).status_code == 302
    node.refresh_from_db()
    assert (node.name, node.due_on, node.done_on) == (
        "施工许可证",
        date(2024, 6, 30),
        date(2024, 7, 9),
    )
    assert names(project) == ["施工许可证"]


def test_a_node_of_another_project_is_not_touched(project, node, manager):
    other = make_project()
    typed = form(**{f"m{node.pk}": line("别的", is_removed="on")})
    signed_in(manager).post(page(other), typed)
    node.refresh_from_db()
    assert (node.name, node.project) == ("施工许可证", project)


def test_a_stale_form_is_told_who_was_faster_and_keeps_what_was_typed(
    project, node, reporter, manager
):
    client = signed_in(manager)
    prefix = f"m{node.pk}"
    client.post(page(project), form(**{prefix: line("施工许可", due_on="2024-07-31")}))
    late = signed_in(reporter)
    typed = form(**{prefix: line("", done_on="2024-07-08")})
    answer = late.post(page(project), typed)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert manager.name in html
    assert 'value="2024-07-08"' in html
    assert Milestone.objects.get().done_on is None
    assert late.post(page(project), typed | {"version": "1"}).status_code == 302
    node.refresh_from_db()
    assert (node.name, node.done_on) == ("施工许可", date(2024, 7, 8))


def test_what_was_typed_for_a_node_that_is_gone_becomes_a_new_one(project, node, manager, admin):
    prefix = f"m{node.pk}"
    signed_in(admin).post(page(project), form(**{prefix: line(node.name, is_removed="on")}))
    client, typed = signed_in(manager), form(**{prefix: line("施工许可证", done_on="2024-07-01")})
    assert client.post(page(project), typed).status_code == 409
    assert client.post(page(project), typed | {"version": "1"}).status_code == 302
    assert names(project) == ["施工许可证"]


def test_the_project_page_shows_kind_days_and_lateness(project, node, manager, leader):
    Milestone.objects.create(
        project=project, name="封顶", due_on=date(2024, 5, 1), done_on=date(2024, 5, 3)
    )
    client = signed_in(manager)
    client.cookies["django_language"] = "en"
    html = client.get(project.get_absolute_url()).content.decode()
    assert "Preparatory node" in html
    assert html.index("封顶") < html.index("施工许可证")
    panel = " ".join(html[html.index('id="milestones"') :].split())
    assert '<span class="badge badge-late"> 2 days late </span>' in panel
    assert '<span class="badge badge-overdue"> 10 days late </span>' in panel
    assert page(project) in html
    assert page(project) not in signed_in(leader).get(project.get_absolute_url()).content.decode()


def test_the_history_tells_what_changed(project, node, manager):
    client = signed_in(manager)
    client.cookies["django_language"] = "en"
    done = line(node.name, due_on="2024-06-30", done_on="2024-07-05")
    client.post(page(project), form(**{f"m{node.pk}": done}))
    client.post(page(project), form(1, **{f"m{node.pk}": {**done, "is_removed": "on"}}))
    html = client.get(project.get_absolute_url()).content.decode()
    assert "Node “施工许可证”: done" in html
    assert "Node removed" in html


def test_the_history_names_a_new_node_once(project, manager):
    client = signed_in(manager)
    client.cookies["django_language"] = "en"
    client.post(page(project), form(n0=line("立项批复", due_on="2024-06-30")))
    html = client.get(project.get_absolute_url()).content.decode()
    history = html[html.index('id="history"') :].partition("</section>")[0]
    assert "Node added" in history
    assert history.count("立项批复") == 2  # and with its day
