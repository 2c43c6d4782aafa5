"""Where a person's work has its bounds, who may administer, and whose tokens are whose.

Whoever sees every department (Ability.SEE_ALL) does so within a region: what names a place at or
below it is theirs, what names another place or none is not. Without a region the whole
installation is. A reporting officer's bounds are the department's branch alone.
"""

from collections.abc import Iterable
from itertools import pairwise

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import ApiToken, Department, Region, TreeQuerySet, User
from accounts.roles import Ability, Role


def works_everywhere(user: User) -> bool:
    """Whether a person's work has no bounds of place; what all regions share is theirs to keep."""
    return user.region_id is None


def covers(user: User, region_id: int | None) -> bool:
    """Whether a region (by its id; None where none is named) lies within a person's bounds."""
    return user.region_ids is None or region_id in user.region_ids


def in_bounds(user: User, *regions: str) -> Q:
    """Of the rows that name a region under one of these lookups those within a person's bounds.

    A list of ids and not a join, so that the index of the region is used however many rows there are.
    """
    found = Q()
    if user.region_ids is not None:
        for region in regions:
            found |= Q(**{f"{region}__in": user.region_ids})
    return found


def place_of(user: User) -> Region | None:
    """Where a person works: the region of their own, else that of the department."""
    if user.region is not None or user.department is None:
        return user.region
    return user.department.region


def overseeing(region: Region | None) -> Q:
    """Of the rows that name a `region` those whose bounds a place lies within; none is everything."""
    found = Q(region__isnull=True)
    return found | Q(region__path__in=region.paths_upwards) if region else found


def works_in(region: Region) -> Q:
    """Of the people those who work in a region or in one below it."""
    below, own = Q(region__path__startswith=region.path), Q(region__isnull=True)
    return below | own & Q(department__region__path__startswith=region.path)


def visible_regions(user: User) -> TreeQuerySet:
    """The regions within a person's bounds, in the tree's order."""
    regions = Region.objects.order_by("path")
    if not user.is_active:
        return regions.none()
    if user.can(Ability.SEE_ALL):
        return regions.filter(in_bounds(user, "pk"))
    return regions.at_or_below(user.department.region) if user.department else regions.none()


def selectable_regions(user: User) -> TreeQuerySet:
    """The regions within a person's bounds of which something is made apart, but for their own and
    for towns; none where these lie in one line, so that there is nothing to choose.
    """
    found = visible_regions(user).exclude(level=Region.Level.TOWN)
    paths = list(found.values_list("path", flat=True))
    if all(lower.startswith(upper) for upper, lower in pairwise(paths)):
        return found.none()
    return found.exclude(pk=user.region_id)


def visible_departments(user: User) -> TreeQuerySet:
    """Departments whose figures a person sees: those of the region, or their own and the units below it."""
    departments = Department.objects.order_by("path")
    if user.can(Ability.SEE_ALL):
        return departments.filter(in_bounds(user, "region"))
    if user.is_active and user.department is not None:
        return departments.at_or_below(user.department)
    return departments.none()


def naming_bounds(user: User) -> Region | None:
    """The region that bounds which departments a person names: their own, a reporting officer's is
    the department's; None where all may be named.
    """
    if user.region is not None or user.can(Ability.SEE_ALL) or user.department is None:
        return user.region
    return user.department.region


def nameable_departments(user: User) -> TreeQuerySet:
    """Departments that a person may name in what they write: of their region, and of those above it.

    A district's project may be answered for by a department of its city, never by a neighbour's.
    """
    region = naming_bounds(user)
    if region is None:
        return Department.objects.all()
    below, above = Region.objects.at_or_below(region), Region.objects.at_or_above(region)
    return Department.objects.filter(Q(region__in=below) | Q(region__in=above))


def may_name(user: User, department: Department) -> bool:
    """Whether a department is one of those."""
    region, place = naming_bounds(user), department.region
    return (
        region is None or place.path.startswith(region.path) or place.path in region.paths_upwards
    )


def visible_users(user: User) -> QuerySet[User]:
    """The accounts that an administrator keeps: of a region's only those whose bounds lie within it."""
    if not may_administer(user):
        return User.objects.none()
    if works_everywhere(user):
        return User.objects.all()
    of_departments = Q(role=Role.STAFF) & in_bounds(user, "department__region")
    return User.objects.filter(in_bounds(user, "region") | of_departments)


def may_administer(user: User) -> bool:
    """Open the admin site: users and departments of one's region, without one all that there is."""
    return user.is_authenticated and user.can(Ability.ADMINISTER)


def may_administer_everything(user: User) -> bool:
    """Keep what all regions share: reference data, fixtures, everybody's tokens."""
    return may_administer(user) and works_everywhere(user)


@transaction.atomic
def leaves_no_administrator(leaving: Iterable[User]) -> bool:
    """Whether nobody could administer the installation any more without these people.

    The administrators' rows stay locked to the end of the surrounding transaction, so that two
    of them cannot take the role from each other at the same moment.
    """
    administrators = set(
        User.objects.select_for_update()
        .filter(role=Role.ADMIN, is_active=True, region__isnull=True)
        .values_list("pk", flat=True)
    )
    return administrators != set() and administrators <= {user.pk for user in leaving}


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """A person's own tokens; administrators revoke others' in the admin site."""
    return ApiToken.objects.filter(user=user)


def has_left_traces(user: User) -> bool:
    """Whether the admin site's log names this person; deleting the account would delete the log."""
    return LogEntry.objects.filter(user=user).exists()
