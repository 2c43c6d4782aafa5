"""Where things are (Region), who answers for them (Department) and who works here (User)."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import ABILITIES, Ability, Role


class TreeQuerySet(models.QuerySet[Any]):
    """Rows of a tree that is stored by materialised path ("/500000/500101/")."""

    def at_or_below(self, node: "TreeNode") -> "TreeQuerySet":
        """The node itself and everything under it."""
        return self.filter(path__startswith=node.path)


class TreeNode(models.Model):
    """A coded place in a tree; `path` spells the codes from the root to here."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=400, editable=False, db_index=True)

    FIXTURE_KEY = ("code",)
    objects = TreeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive the path; a node that moved takes its whole branch along."""
        before = self.path
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        super().save(*args, **kwargs)
        if before and before != self.path:
            for child in self.children.all():
                child.save(update_fields=["path"])

    def clean(self) -> None:
        """A node cannot hang below itself."""
        super().clean()
        if self.pk and self.parent and self.path and self.parent.path.startswith(self.path):
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
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    class Meta(TreeNode.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")


class User(AbstractUser):
    """A person who signs in; the role decides what, the department decides whose."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STAFF)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )
    must_change_password = models.BooleanField(
        _("must change the password at the next sign-in"), default=False
    )

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_staff_has_department",
                condition=~models.Q(role=Role.STAFF) | models.Q(department__isnull=False),
                violation_error_message=_("A reporting officer belongs to a department."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name or self.username

    def can(self, ability: Ability) -> bool:
        """Whether this person's role has the ability; an inactive person has none."""
        return self.is_active and ability in ABILITIES[self.role]
