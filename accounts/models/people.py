"""Where things are (Region), who answers for them (Department) and who works here (User)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import ABILITIES, REGIONAL_APPS, REGIONAL_PERMISSIONS, Ability, Role

PATH_LENGTH = 400


class TreeQuerySet(models.QuerySet[Any]):
    """Rows of a tree that is stored by materialised path ("/500000/500101/")."""

    def at_or_below(self, node: "TreeNode") -> "TreeQuerySet":
        """The node itself and everything under it."""
        return self.filter(path__startswith=node.path)

    def at_or_above(self, node: "TreeNode") -> "TreeQuerySet":
        """The node itself and everything that it lies under."""
        return self.filter(path__in=node.paths_upwards)

    def offered(self) -> "TreeQuerySet":
        """Those that may be chosen anew."""
        return self.filter(self.model.OFFERED)


class TreeNode(models.Model):
    """A coded place in a tree; `path` spells the codes from the root to here."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        # Capital letters only: a path is looked up by LIKE, which in SQLite knows no case.
        validators=[RegexValidator(r"\A[0-9A-Z-]+\Z", _("Use digits, capital letters and -."))],
    )
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=PATH_LENGTH, editable=False, db_index=True)

    parent_id: int | None
    children: Any

    FIXTURE_KEY = ("code",)
    OFFERED: ClassVar[models.Q] = models.Q()
    objects = TreeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive the path; a node that moved takes its whole branch along.

        Raises ValidationError where the new parent stands below the node.
        """
        before, above = self._stored_paths()
        self._refuse_circle(before, above)
        self.path = f"{above}{self.code}/"
        super().save(*args, **kwargs)
        if before and before != self.path:
            for child in self.children.all():
                child.save(update_fields=["path"])

    def clean(self) -> None:
        """A node cannot hang below itself, nor a branch grow deeper than a path can say."""
        super().clean()
        before, above = self._stored_paths()
        self._refuse_circle(before, above)
        length = len(f"{above}{self.code}/")
        if before:
            below = type(self)._default_manager.filter(path__startswith=before)
            length += max(map(len, below.values_list("path", flat=True))) - len(before)
        if length > PATH_LENGTH:
            raise ValidationError({"parent": _("The tree would become too deep.")})

    @property
    def depth(self) -> int:
        """How many nodes stand above this one."""
        return self.path.count("/") - 2

    @property
    def paths_upwards(self) -> list[str]:
        """The paths from the root down to this node's own."""
        return [self.path[: place + 1] for place, sign in enumerate(self.path) if sign == "/"][1:]

    def _stored_paths(self) -> tuple[str, str]:
        """This node's path before it is saved, and its parent's; both as the database has them."""
        paths = dict(
            type(self)
            ._default_manager.filter(pk__in=[self.pk, self.parent_id])
            .values_list("pk", "path")
        )
        return paths.get(self.pk, ""), paths.get(self.parent_id, "/")

    def _refuse_circle(self, before: str, above: str) -> None:
        if before and above.startswith(before):
            raise ValidationError({"parent": _("A unit cannot be placed under itself.")})


class Region(TreeNode):
    """行政区划: an administrative division, coded by GB/T 2260."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province or municipality")
        CITY = "city", _("City")
        DISTRICT = "district", _("District or county")
        TOWN = "town", _("Town or sub-district")

    level = models.CharField(_("level"), max_length=10, choices=Level)

    class Meta(TreeNode.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")


class Department(TreeNode):
    """责任单位: a department that answers for projects; a sub-unit reports under its parent."""

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="departments"
    )
    is_sample = models.BooleanField(_("sample data"), default=False)
    dissolved_into = models.ForeignKey(
        "self",
        verbose_name=_("dissolved into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="absorbed",
    )

    # What is past still names those that have been dissolved.
    OFFERED = models.Q(dissolved_into__isnull=True)

    class Meta(TreeNode.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")


class UserManager(BaseUserManager["User"]):
    """Makes accounts; `createsuperuser` makes the first administrator of an installation."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An account of the given role; without a password nobody can sign in with it."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator: the role that enters the admin site."""
        return self.create_user(username, password, **{**fields, "role": Role.ADMIN})


class User(AbstractBaseUser):
    """A person who signs in; the role decides what, department and region decide whose.

    A reporting officer works for a department, and where it is; of everybody else `region` says
    what part of the installation is theirs, all of it where it is empty (permissions.py). There
    are no permissions, groups or superusers beside the role: see roles.py.
    """

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("An account of this name exists already.")},
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STAFF)
    department = models.ForeignKey(
        Department,
        verbose_name=pgettext_lazy("of a person", "department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("works for the region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        help_text=_(
            "Of those who see every department: what lies at or below this region, and no more."
            " Empty: the whole installation. A reporting officer's is the department's."
        ),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("An account that is no longer used is made inactive, not deleted."),
    )
    must_change_password = models.BooleanField(
        _("must change the password at the next sign-in"), default=False
    )
    date_joined = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_staff_has_department",
                condition=~models.Q(role=Role.STAFF) | models.Q(department__isnull=False),
                violation_error_message=_("A reporting officer belongs to a department."),
            ),
            models.CheckConstraint(
                name="user_staff_region_is_department",
                condition=~models.Q(role=Role.STAFF) | models.Q(region__isnull=True),
                violation_error_message=_(
                    "A reporting officer's region is that of the department: leave it empty."
                ),
            ),
            models.CheckConstraint(
                name="user_role_is_known",
                condition=models.Q(role__in=Role.values),
                violation_error_message=_("There is no such role."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def can(self, ability: Ability) -> bool:
        """Whether this person's role has the ability; an inactive person has none."""
        return self.is_active and ability in ABILITIES[self.role]

    @cached_property
    def region_ids(self) -> frozenset[int] | None:
        """The regions at or below the person's own; None where their work has no bounds of place.

        Remembered for the request: one short query for those who have a region, none for others.
        """
        if self.region is None:
            return None
        return frozenset(Region.objects.at_or_below(self.region).values_list("pk", flat=True))

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's question for one permission: an administrator has them all, one of a region
        those to keep its people and departments, others none.
        """
        if not self.can(Ability.ADMINISTER):
            return False
        return self.region_id is None or perm in REGIONAL_PERMISSIONS

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """Django's question for several permissions; see has_perm."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Django's question whether the admin shows an application; see has_perm."""
        if not self.can(Ability.ADMINISTER):
            return False
        return self.region_id is None or app_label in REGIONAL_APPS
