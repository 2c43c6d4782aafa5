import pytest

from accounts.models import Department, User
from exchange.models import ImportRun
from tests.exchange.bringing import Task, check, faults, go_on, written
from tests.factories import make_department, make_project, make_region, make_user, signed_in

State = ImportRun.State
USERS = ["用户名", "姓名", "角色", "所在单位", "启用"]
UNITS = ["单位编码", "单位名称", "所属区划", "上级单位编码"]


class TestUsers:
    def test_a_new_account_waits_for_its_temporary_password(self, admin):
        unit = make_department("500101-JTW", name="交通局")
        run = written(admin, "users", USERS, ["zhangsan", "张三", "填报员", "交通局", "是"])

        user = User.objects.get(username="zhangsan")
        assert (user.name, user.role, user.department) == ("张三", "staff", unit)
        assert user.must_change_password
        assert go_on(run, Task.UNDO).state == State.UNDONE
        assert not User.objects.filter(username="zhangsan").exists()

    def test_an_account_that_was_used_stays(self, admin):
        make_department("500101-JTW", name="交通局")
        run = written(admin, "users", USERS, ["zhangsan", "张三", "填报员", "交通局", "是"])
        signed_in(User.objects.get(username="zhangsan"))
        assert go_on(run, Task.UNDO).log[-1]["event"] == "undo_refused"

    def test_what_the_administration_refuses_is_refused(self, admin):
        run = check(
            admin,
            "users",
            USERS,
            ["lisi", "李四", "填报员", "", "是"],
            [admin.username, admin.name, "领导", "", "是"],
        )
        assert [address for address, _message in faults(run)] == ["D2", "A3"]

    @pytest.mark.parametrize("who", ["reporter", "manager", "leader"])
    @pytest.mark.parametrize("kind", ["users", "departments"])
    def test_nobody_else_brings_people_in(self, request, who, kind):
        user = request.getfixturevalue(who)
        assert signed_in(user).get(f"/imports/new/{kind}/").status_code == 404
        assert faults(check(user, kind, USERS, ["zhangsan", "张三", "领导", "", "是"]))


class TestDepartments:
    def test_a_branch_is_made_and_taken_out_again(self, admin):
        make_region()
        rows = [["500101-A", "甲局", "万州区", ""], ["500101-A1", "甲局一科", "万州区", "500101-A"]]
        run = written(admin, "departments", UNITS, *rows)
        assert Department.objects.get(code="500101-A1").path == "/500101-A/500101-A1/"

        assert go_on(run, Task.UNDO).state == State.UNDONE
        assert not Department.objects.exists()

    def test_not_once_it_answers_for_something(self, admin):
        make_region()
        run = written(admin, "departments", UNITS, ["500101-A", "甲局", "万州区", ""])
        make_project(department=Department.objects.get())
        assert go_on(run, Task.UNDO).log[-1]["event"] == "undo_refused"

    def test_the_tree_has_no_circle(self, admin):
        above = make_department("500101-A", name="甲局")
        below = make_department("500101-B", name="乙局", parent=above)
        run = check(admin, "departments", UNITS, [above.code, "甲局", "万州区", below.code])
        assert [address for address, _message in faults(run)] == ["D2"]


def test_the_last_administrator_stays_one(admin):
    other = make_user("other", "admin")
    run = check(
        admin,
        "users",
        USERS,
        [admin.username, admin.name, "领导", "", "是"],
        [other.username, other.name, "领导", "", "是"],
    )
    assert [address for address, _message in faults(run)] == ["A3"]
