"""Projects by workbook: what a project is. Its status is changed on its page, which keeps the reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import tree_choices
from accounts.models import User
from office.forms import refused
from office.intake import Change, Choices, Field, Key, Kind, Present, Refused, Scope, Type, Values
from office.related import hanging_on
from projects import registering
from projects.forms.project import ProjectForm
from projects.models import Category, Project
from projects.permissions import may_keep_plans, visible_projects


def categories() -> Choices:
    """The four parts of the report's tables."""
    return Category.choices


class Projects(Kind):
    """重点项目."""

    name = "projects"
    label = gettext_lazy("Projects")
    about = gettext_lazy("New projects, and what is known of those that are there.")
    may_add = True
    fields = (
        Field(
            "code",
            gettext_lazy("Project code"),
            ("项目编码", "项目代码"),
            required=True,
            type=Type.CODE,
            is_key=True,
            longest=20,
            note=gettext_lazy("A code that is not known yet makes a new project."),
            example="500101-0001",
        ),
        Field(
            "name",
            gettext_lazy("Project"),
            ("项目", "项目名称"),
            longest=120,
            width=36,
            example="某某产业园一期",
        ),
        Field(
            "national_code", gettext_lazy("National code"), ("国家代码", "投资项目代码"), longest=40
        ),
        Field(
            "category",
            gettext_lazy("Category"),
            ("类别", "项目类别"),
            type=Type.CHOICE,
            choices=categories,
        ),
        Field("sector", gettext_lazy("Sector"), ("行业", "领域"), longest=40),
        Field(
            "department",
            gettext_lazy("Responsible department"),
            ("责任单位", "牵头单位"),
            type=Type.CHOICE,
            choices=tree_choices.departments,
            width=24,
        ),
        Field(
            "region",
            gettext_lazy("Region"),
            ("行政区划", "所在镇乡街道", "建设地点"),
            type=Type.CHOICE,
            choices=tree_choices.regions,
        ),
        Field(
            "owner_unit", gettext_lazy("Owner unit"), ("业主单位", "业主"), longest=100, width=24
        ),
        Field("contact", gettext_lazy("Contact"), ("联系人",), longest=60),
        Field("leader", gettext_lazy("Responsible leader"), ("挂点领导", "责任领导"), longest=60),
        Field(
            "description",
            gettext_lazy("Description"),
            ("建设内容", "建设规模及内容", "项目简介"),
            longest=4000,
            width=36,
        ),
        Field(
            "total_investment",
            gettext_lazy("Total investment (10,000 yuan)"),
            ("总投资(万元)", "总投资"),
            type=Type.MONEY,
            example="35,000",
        ),
        Field(
            "planned_start_on",
            gettext_lazy("Planned start"),
            ("计划开工日期", "计划开工时间", "计划开工"),
            type=Type.DAY,
        ),
        Field(
            "planned_finish_on",
            gettext_lazy("Planned finish"),
            ("计划竣工日期", "计划竣工时间", "计划竣工"),
            type=Type.DAY,
        ),
        Field(
            "statistics_entry_on",
            gettext_lazy("Statistics entry"),
            ("入库纳统日期", "入库时间", "入统时间"),
            type=Type.DAY,
        ),
    )

    def may_import(self, user: User) -> bool:
        """Who keeps the year's list."""
        return may_keep_plans(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """All projects, by their codes."""
        return (row.values for row in _rows(visible_projects(user).order_by("code")))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The projects of these codes."""
        found = visible_projects(user).filter(code__in={str(key[0]) for key in keys})
        return {(row.values["code"],): row for row in _rows(found.order_by())}

    def missing(self, key: Key) -> str:
        """A code that is not known makes a new project."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Hold the row against the form of a project, and keep it."""
        there = change.present
        project: Project = there.target if there else Project()
        data = {**(there.values if there else {}), **change.values}
        form = ProjectForm(data, instance=project, by=by)
        if not form.is_valid():
            raise refused(form)
        registering.keep(
            form.instance,
            change.after,
            reason=_("Imported from a workbook"),
            by=by,
            at=at,
        )

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a new project out again, unless something hangs on it."""
        project: Project = change.present.target  # type: ignore[union-attr]
        if found := hanging_on(project):
            said = _("There are already: %(what)s.")
            raise Refused({"": [said % {"what": " · ".join(found)}]})
        project.delete()


def _rows(found: QuerySet[Project]) -> Iterable[Present]:
    for project in found.select_related("department", "region"):
        values: Values = {
            name: getattr(project, name)
            for name in ProjectForm.Meta.fields
            if name not in ("department", "region")
        }
        values["department"] = project.department.code if project.department else ""
        values["region"] = project.region.code if project.region else ""
        yield Present(project, values, project.version, project.name)
