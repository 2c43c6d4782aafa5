"""Who sees and changes which projects: row rules are querysets, action rules are predicates."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import (
    covers,
    in_bounds,
    may_administer_everything,
    works_everywhere,
)
from accounts.roles import Ability
from projects.models import (
    AnnualPlan,
    DataQuestion,
    Message,
    Obstacle,
    ProgressReport,
    Project,
    ReopenGrant,
    ReportPhoto,
    SavedView,
    StatusChange,
)


def visible_projects(user: User) -> QuerySet[Project]:
    """The projects of a person's region, or for staff those of their department and the units below it."""
    if user.can(Ability.SEE_ALL):
        return Project.objects.filter(in_bounds(user, "region"))
    if user.is_active and user.department is not None:
        return Project.objects.filter(department__path__startswith=user.department.path)
    return Project.objects.none()


def visible_entries(user: User) -> QuerySet[AnnualPlan]:
    """Plan entries of the visible projects."""
    if user.can(Ability.SEE_ALL):
        return AnnualPlan.objects.filter(in_bounds(user, "project__region"))
    if user.is_active and user.department is not None:
        return AnnualPlan.objects.filter(project__department__path__startswith=user.department.path)
    return AnnualPlan.objects.none()


def visible_changes(user: User) -> QuerySet[StatusChange]:
    """Status changes of the visible projects."""
    return StatusChange.objects.filter(project__in=visible_projects(user))


def visible_reports(user: User) -> QuerySet[ProgressReport]:
    """Monthly reports of the visible entries."""
    if user.can(Ability.SEE_ALL):
        return ProgressReport.objects.filter(in_bounds(user, "entry__project__region"))
    if user.is_active and user.department is not None:
        branch = user.department.path  # by joins: a list of entries is read beside all of a month
        return ProgressReport.objects.filter(entry__project__department__path__startswith=branch)
    return ProgressReport.objects.none()


def visible_photos(user: User) -> QuerySet[ReportPhoto]:
    """Photos of the visible monthly reports."""
    return ReportPhoto.objects.filter(report__in=visible_reports(user))


def visible_grants(user: User) -> QuerySet[ReopenGrant]:
    """Reopenings of rounds for departments of a person's region; for staff those that concern their
    department or the units below it.
    """
    if user.can(Ability.SEE_ALL):
        return ReopenGrant.objects.filter(in_bounds(user, "department__region"))
    if user.is_active and user.department is not None:
        branch = user.department.path
        above = [branch[: place + 1] for place, sign in enumerate(branch) if sign == "/"]
        return ReopenGrant.objects.filter(
            Q(department__path__startswith=branch) | Q(department__path__in=above)
        )
    return ReopenGrant.objects.none()


def visible_obstacles(user: User) -> QuerySet[Obstacle]:
    """Obstacles of the visible projects, and those that one's region or department has to clear."""
    if user.can(Ability.SEE_ALL):
        if user.region_ids is None:
            return Obstacle.objects.all()
        return _obstacles(
            in_bounds(user, "project__region"), in_bounds(user, "responsible__region")
        )
    if user.is_active and user.department is not None:
        branch = user.department.path
        return _obstacles(
            Q(project__department__path__startswith=branch), Q(responsible__path__startswith=branch)
        )
    return Obstacle.objects.none()


def _obstacles(*ways: Q) -> QuerySet[Obstacle]:
    """Those that are found in one of these ways, each by its own index: one condition over two tables
    would look at every obstacle there is.
    """
    first, *others = (Obstacle.objects.filter(way).order_by().values("pk") for way in ways)
    return Obstacle.objects.filter(pk__in=first.union(*others))


def own_messages(user: User) -> QuerySet[Message]:
    """A person's own inbox."""
    return Message.objects.filter(recipient=user, channel=Message.Channel.INBOX)


def visible_questions(user: User) -> QuerySet[DataQuestion]:
    """Questions about visible projects; those about the report itself are everybody's."""
    if user.can(Ability.SEE_ALL) and works_everywhere(user):
        return DataQuestion.objects.all()
    return DataQuestion.objects.filter(
        Q(project__isnull=True) | Q(project__in=visible_projects(user))
    )


def own_views(user: User) -> QuerySet[SavedView]:
    """A person's own saved views; their addresses may be passed on freely."""
    return SavedView.objects.filter(user=user)


def may_update_status(user: User, project: Project) -> bool:
    """Managers and administrators any project of their region; staff those of their department's branch."""
    if user.can(Ability.UPDATE_ALL):
        return covers(user, project.region_id)
    return bool(
        user.can(Ability.UPDATE_OWN)
        and user.department
        and project.department
        and project.department.path.startswith(user.department.path)
    )


def may_report(user: User, project: Project) -> bool:
    """Enter and submit a project's monthly reports: who may update its status may."""
    return may_update_status(user, project)


def may_review(user: User) -> bool:
    """Approve, return and reopen monthly reports that one sees; judge lights."""
    return user.can(Ability.REVIEW)


def may_review_of(user: User, project: Project) -> bool:
    """Whether a project's reports are among those that a person may review."""
    return may_review(user) and covers(user, project.region_id)


def may_run_rounds(user: User) -> bool:
    """Reopen a round for a department of one's region, remind such departments."""
    return user.can(Ability.RUN_ROUNDS)


def may_set_rounds(user: User) -> bool:
    """Set the days of a round, lock it: a round is the whole installation's."""
    return may_run_rounds(user) and works_everywhere(user)


def may_keep_plans(user: User) -> bool:
    """Adopt and revise the plans that one sees; set what a project's money and its nodes should be."""
    return user.can(Ability.KEEP_PLANS)


def may_keep_plan_of(user: User, project: Project) -> bool:
    """Whether a project is among those whose plan a person keeps."""
    return may_keep_plans(user) and covers(user, project.region_id)


def may_enter_facts(user: User, project: Project) -> bool:
    """Enter what has arrived of a project's money and which of its nodes are done.

    What was promised is the office's to set (may_keep_plans), what happened the department's to
    say: nobody makes a delay vanish by moving the day that it is held against.
    """
    return may_keep_plan_of(user, project) or may_update_status(user, project)


def may_keep_light_rules(user: User) -> bool:
    """Write and adopt versions of the light rule: one rule judges all regions."""
    return user.can(Ability.KEEP_LIGHT_RULES) and works_everywhere(user)


def may_see_back_test(user: User) -> bool:
    """See which months of all regions a draft of the light rule would judge otherwise."""
    return may_review(user) and works_everywhere(user)


def may_raise_obstacles(user: User, project: Project) -> bool:
    """Raise an obstacle of a project, and close it: the raiser's side."""
    return may_update_status(user, project)


def may_reply_to(user: User, obstacle: Obstacle) -> bool:
    """Answer an obstacle: the department that has to clear it, and the scheduling office."""
    if user.can(Ability.UPDATE_ALL):
        return covers(user, obstacle.project.region_id) or covers(
            user, obstacle.responsible.region_id
        )
    return bool(
        user.can(Ability.UPDATE_OWN)
        and user.department
        and obstacle.responsible.path.startswith(user.department.path)
    )


def may_answer_questions(user: User) -> bool:
    """Explain, close and reopen data questions."""
    return user.can(Ability.ANSWER_QUESTIONS)


def may_answer(user: User, question: DataQuestion) -> bool:
    """Whether a question is among those: one about the report itself is the whole installation's."""
    if question.project is None:
        return may_answer_questions(user) and works_everywhere(user)
    return may_answer_questions(user) and covers(user, question.project.region_id)


def may_publish(user: User) -> bool:
    """Decide which lists are open data: a list is public with all its regions."""
    return user.can(Ability.PUBLISH) and works_everywhere(user)


def may_keep_webhooks(user: User) -> bool:
    """Enter the addresses that other systems are told at, and see what was sent."""
    return may_administer_everything(user)


def may_dissolve_departments(user: User) -> bool:
    """Dissolve a department into another."""
    return may_administer_everything(user)


def may_load_fixtures(user: User) -> bool:
    """Load fixtures into the site."""
    return may_administer_everything(user)
