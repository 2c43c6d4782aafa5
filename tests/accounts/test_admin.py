"""The admin's pages of users, departments and regions."""

import re
from http import HTTPStatus

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import Department, User
from accounts.roles import Role
from tests.factories import (
    PASSWORD,
    make_department,
    make_project,
    make_region,
    make_user,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PASSWORD_ON_PAGE = re.compile(r'class="temporary-password">([^<]+)<')


def page(name, *args):
    return reverse(f"admin:accounts_{name}", args=args)


def fields(user, **changes):
    """What the user page sends for this person."""
    department = user.department_id or ""
    kept = {"username": user.username, "name": user.name, "email": "", "role": user.role}
    return {**kept, "department": department, "is_active": "on", **changes}


def shown_password(response):
    return PASSWORD_ON_PAGE.search(response.content.decode())[1]


def test_a_new_account_shows_its_temporary_password_once(admin):
    data = {"username": "li", "name": "李四", "role": Role.LEADER, "email": "", "department": ""}
    response = signed_in(admin).post(page("user_add"), data)
    user = User.objects.get(username="li")
    assert (user.role, user.must_change_password) == (Role.LEADER, True)
    assert user.check_password(shown_password(response))
    assert "no-store" in response.headers["Cache-Control"]
    again = signed_in(admin).get(page("user_change", user.pk))
    assert shown_password(response) not in again.content.decode()


def test_staff_need_a_department_and_the_page_says_so_at_the_field(admin):
    data = {"username": "li", "name": "李四", "role": Role.STAFF, "email": "", "department": ""}
    response = signed_in(admin).post(page("user_add"), data)
    assert "department" in response.context["adminform"].form.errors
    assert not User.objects.filter(username="li").exists()


def test_a_temporary_password_replaces_the_old_one_unlocks_and_is_logged(admin, reporter):
    theirs = signed_in(reporter)
    for _ in range(5):
        Client().post("/accounts/login/", {"username": "reporter", "password": "guess"})
    client = signed_in(admin)
    address = page("user_temporary_password", reporter.pk)
    assert client.get(address).status_code == HTTPStatus.OK
    reporter.refresh_from_db()
    assert reporter.check_password(PASSWORD)
    response = client.post(address)
    reporter.refresh_from_db()
    password = shown_password(response)
    assert reporter.check_password(password)
    assert reporter.must_change_password
    assert "no-store" in response.headers["Cache-Control"]
    assert LogEntry.objects.get().object_id == str(reporter.pk)
    assert password not in LogEntry.objects.get().change_message
    assert theirs.get("/").url.startswith(reverse("accounts:login"))
    login = Client().post("/accounts/login/", {"username": "reporter", "password": password})
    assert login.status_code == HTTPStatus.FOUND


def test_the_temporary_password_of_nobody_is_not_found(admin):
    response = signed_in(admin).post(page("user_temporary_password", 999))
    assert response.status_code == HTTPStatus.NOT_FOUND


def test_ones_own_password_is_changed_on_the_password_page(admin):
    response = signed_in(admin).post(page("user_temporary_password", admin.pk))
    assert response.url == page("user_change", admin.pk)
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_an_administrator_unlocks_without_a_new_password(admin, reporter):
    for _ in range(5):
        Client().post("/accounts/login/", {"username": "reporter", "password": "guess"})
    data = {"action": "unlock_selected", "_selected_action": [reporter.pk, admin.pk]}
    signed_in(admin).post(page("user_changelist"), data)
    login = Client().post("/accounts/login/", {"username": "reporter", "password": PASSWORD})
    assert login.status_code == HTTPStatus.FOUND
    assert LogEntry.objects.get().object_id == str(reporter.pk)


@pytest.mark.parametrize("change", [{"role": Role.MANAGER}, {"is_active": ""}])
def test_the_last_administrator_stays_one(admin, change):
    make_user("former", Role.ADMIN, is_active=False)
    response = signed_in(admin).post(page("user_change", admin.pk), fields(admin, **change))
    assert response.context["adminform"].form.non_field_errors()
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


@pytest.mark.parametrize("change", [{"role": Role.MANAGER}, {"is_active": ""}])
def test_one_of_two_administrators_may_step_down(admin, change):
    second = make_user("second", Role.ADMIN)
    response = signed_in(admin).post(page("user_change", second.pk), fields(second, **change))
    assert response.url == page("user_changelist")


def test_the_last_administrator_of_everything_takes_no_region(admin):
    region = make_region()
    make_user("regional", Role.ADMIN, region=region)
    change = fields(admin, region=region.pk)
    response = signed_in(admin).post(page("user_change", admin.pk), change)
    assert response.context["adminform"].form.non_field_errors()


def test_the_last_administrator_may_change_the_name(admin):
    signed_in(admin).post(page("user_change", admin.pk), fields(admin, name="王五"))
    admin.refresh_from_db()
    assert admin.name == "王五"


def test_a_user_page_offers_no_permissions_groups_or_flags(admin, reporter):
    form = signed_in(admin).get(page("user_change", reporter.pk)).context["adminform"].form
    assert set(form.fields) == {
        "username",
        "name",
        "email",
        "role",
        "department",
        "region",
        "is_active",
    }
    assert not django_admin.site.is_registered(Group)


def test_both_administrators_at_once_are_not_deleted(admin):
    second = make_user("second", Role.ADMIN)
    client = signed_in(admin)
    data = {"action": "delete_selected", "_selected_action": [admin.pk, second.pk], "post": "yes"}
    response = client.post(page("user_changelist"), data)
    assert response.context["protected"]
    assert User.objects.filter(role=Role.ADMIN).count() == 2


def test_who_has_left_traces_in_the_log_is_not_deleted(admin):
    second = make_user("second", Role.ADMIN)
    signed_in(second).post(page("user_change", admin.pk), fields(admin, name="王五"))
    response = signed_in(admin).post(page("user_delete", second.pk), {"post": "yes"})
    assert response.context["protected"]
    assert User.objects.filter(pk=second.pk).exists()


def test_who_has_done_nothing_is_deleted(admin, leader):
    signed_in(admin).post(page("user_delete", leader.pk), {"post": "yes"})
    assert not User.objects.filter(pk=leader.pk).exists()


def test_a_department_with_projects_is_protected(admin):
    department = make_department()
    make_project(department=department)
    response = signed_in(admin).post(page("department_delete", department.pk), {"post": "yes"})
    assert response.context["protected"]
    assert Department.objects.filter(pk=department.pk).exists()


def test_departments_stand_indented_under_their_parents(admin):
    top = make_department("B", name="上级")
    make_department("A", name="下级", parent=top)
    body = signed_in(admin).get(page("department_changelist")).content.decode()
    assert body.index(">上级<") < body.index(">\N{IDEOGRAPHIC SPACE}下级<")


def test_a_department_is_moved_with_its_branch_on_its_page(admin):
    old, new = make_department("OLD"), make_department("NEW")
    moved = make_department("M", parent=old)
    leaf = make_department("L", parent=moved)
    data = {"code": "M", "name": "M", "region": moved.region_id, "parent": new.pk}
    signed_in(admin).post(page("department_change", moved.pk), data)
    leaf.refresh_from_db()
    assert leaf.path == "/NEW/M/L/"


def test_a_department_moved_under_itself_is_refused_at_the_field(admin):
    top = make_department("A")
    leaf = make_department("B", parent=top)
    data = {"code": "A", "name": "A", "region": top.region_id, "parent": leaf.pk}
    response = signed_in(admin).post(page("department_change", top.pk), data)
    assert "parent" in response.context["adminform"].form.errors


def test_sample_data_are_marked_by_loading_alone(admin):
    department = make_department("A", is_sample=True)
    data = {"code": "A", "name": "A", "region": department.region_id, "parent": ""}
    signed_in(admin).post(page("department_change", department.pk), data)
    department.refresh_from_db()
    assert department.is_sample


def test_the_list_of_users_asks_as_much_for_many_as_for_one(
    admin, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(admin)
    make_user()
    client.get(page("user_changelist"))
    with django_assert_max_num_queries(12) as few:
        client.get(page("user_changelist"))
    for _ in range(30):
        make_user()
    with django_assert_num_queries(len(few)):
        client.get(page("user_changelist"))
