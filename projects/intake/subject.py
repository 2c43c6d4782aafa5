"""The project that a row of a workbook is of: its columns, and whether it is the sender's to report on."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from office.intake import Field, Refused, Type
from projects.models import Project
from projects.permissions import may_enter_facts, visible_projects

CODE = Field(
    "code",
    gettext_lazy("Project code"),
    ("项目编码", "项目代码"),
    required=True,
    type=Type.CODE,
    is_key=True,
    example="500101-0001",
)
NAME = Field("name", gettext_lazy("Project"), ("项目", "项目名称"), is_shown=True, width=32)


def reported_on(code: str, *, by: User) -> Project:
    """The project of this code; Refused where this person does not enter its facts."""
    project = visible_projects(by).select_related("department").filter(code=code).first()
    if project is None or not may_enter_facts(by, project):
        said = _("“%(code)s” is no project that you report on.")
        raise Refused({"code": [said % {"code": code}]})
    return project
