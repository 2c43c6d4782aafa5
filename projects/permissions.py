"""Who sees and changes which projects: row rules are querysets, action rules are predicates."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Ability
from projects.models import AnnualPlan, DataQuestion, Project, SavedView, StatusChange


def visible_projects(user: User) -> QuerySet[Project]:
    """All projects, or for staff those of their department and the units below it."""
    if user.can(Ability.SEE_ALL):
        return Project.objects.all()
    if user.is_active and user.department is not None:
        return Project.objects.filter(department__path__startswith=user.department.path)
    return Project.objects.none()


def visible_entries(user: User) -> QuerySet[AnnualPlan]:
    """Plan entries of the visible projects."""
    if user.can(Ability.SEE_ALL):
        return AnnualPlan.objects.all()
    if user.is_active and user.department is not None:
        return AnnualPlan.objects.filter(project__department__path__startswith=user.department.path)
    return AnnualPlan.objects.none()


def visible_changes(user: User) -> QuerySet[StatusChange]:
    """Status changes of the visible projects."""
    return StatusChange.objects.filter(project__in=visible_projects(user))


def visible_questions(user: User) -> QuerySet[DataQuestion]:
    """Questions about visible projects; those about the report itself are everybody's."""
    if user.can(Ability.SEE_ALL):
        return DataQuestion.objects.all()
    return DataQuestion.objects.filter(
        Q(project__isnull=True) | Q(project__in=visible_projects(user))
    )


def own_views(user: User) -> QuerySet[SavedView]:
    """A person's own saved views; their addresses may be passed on freely."""
    return SavedView.objects.filter(user=user)


def may_update_status(user: User, project: Project) -> bool:
    """Managers and administrators any project; staff those of their department's branch."""
    if user.can(Ability.UPDATE_ALL):
        return True
    return bool(
        user.can(Ability.UPDATE_OWN)
        and user.department
        and project.department
        and project.department.path.startswith(user.department.path)
    )


def may_answer_questions(user: User) -> bool:
    """Explain, close and reopen data questions."""
    return user.can(Ability.ANSWER_QUESTIONS)


def may_load_fixtures(user: User) -> bool:
    """Load fixtures into the site."""
    return user.can(Ability.ADMINISTER)
