"""Who took the last step in a project's history: what is told where something was built on an import."""

from django.utils.translation import gettext as _

from projects.models import Project


def last_step(project: Project) -> str:
    """The last step, in words; "" where there is none."""
    step = project.changes.select_related("by").order_by("number").last()
    if step is None:
        return ""
    told = {"who": step.by or "—", "when": step.at.date().isoformat()}
    return _("%(who)s changed the project since (%(when)s).") % told
