"""Trees keep their paths; accounts keep their rules."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import PATH_LENGTH, Department, User
from accounts.roles import Role
from tests.factories import PASSWORD, make_department, make_region, make_user

pytestmark = pytest.mark.django_db


def path_of(department):
    return Department.objects.get(pk=department.pk).path


def test_a_path_spells_the_codes_from_the_root():
    top = make_department("A")
    below = make_department("B", parent=top)
    assert (top.path, below.path) == ("/A/", "/A/B/")
    assert (top.depth, below.depth) == (0, 1)


def test_a_unit_that_moves_takes_its_whole_branch_along():
    old, new = make_department("OLD"), make_department("NEW")
    moved = make_department("M", parent=old)
    leaf = make_department("L", parent=make_department("K", parent=moved))
    moved.parent = new
    moved.save()
    assert path_of(leaf) == "/NEW/M/K/L/"
    assert set(Department.objects.at_or_below(new)) >= {moved, leaf}
    assert not Department.objects.at_or_below(old).exclude(pk=old.pk)


def test_a_new_code_is_spelt_in_every_path_below():
    top = make_department("A")
    leaf = make_department("C", parent=make_department("B", parent=top))
    top.code = "Z"
    top.save()
    assert path_of(leaf) == "/Z/B/C/"


def test_a_path_is_right_even_where_the_parent_in_hand_is_out_of_date():
    old, new = make_department("OLD"), make_department("NEW")
    moved = make_department("M", parent=old)
    stale = Department.objects.get(pk=moved.pk)
    moved.parent = new
    moved.save()
    assert make_department("C", parent=stale).path == "/NEW/M/C/"


@pytest.mark.parametrize("below", ["A", "B", "C"])
def test_a_unit_cannot_be_placed_under_itself(below):
    top = make_department("A")
    make_department("C", parent=make_department("B", parent=top))
    top.parent = Department.objects.get(code=below)
    with pytest.raises(ValidationError) as refused:
        top.full_clean()
    assert "parent" in refused.value.message_dict
    with pytest.raises(ValidationError):
        top.save()
    assert path_of(top) == "/A/"


def test_a_code_that_begins_like_another_is_not_below_it():
    make_department("AB")
    assert [d.code for d in Department.objects.at_or_below(make_department("A"))] == ["A"]


@pytest.mark.parametrize("code", ["500101-jtw", "A/B", "A B", "交通", "A\n"])
def test_a_code_that_a_path_could_not_tell_apart_is_refused(code):
    with pytest.raises(ValidationError) as refused:
        Department(code=code, name="x", region=make_region()).full_clean()
    assert "code" in refused.value.message_dict


def test_a_branch_cannot_become_deeper_than_a_path_can_say():
    chain = None
    for number in range(9):
        chain = make_department(f"{number:040}", parent=chain)
    top = Department.objects.get(code=f"{0:040}")
    other = make_department("X" * 40)
    top.parent = other
    with pytest.raises(ValidationError):
        top.full_clean()
    assert len(chain.path) <= PATH_LENGTH


def test_staff_without_a_department_are_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(role=Role.STAFF, department=None)


def test_a_role_that_does_not_exist_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(role="king")


def test_createsuperuser_makes_an_administrator():
    first = User.objects.create_superuser("first", PASSWORD, name="首位")
    assert first.role == Role.ADMIN
    assert first.check_password(PASSWORD)


def test_an_account_without_a_password_cannot_be_signed_in_to():
    assert not User.objects.create_user("x", name="x", role=Role.LEADER).has_usable_password()
