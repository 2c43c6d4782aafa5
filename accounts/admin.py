"""The admin's pages of regions, departments, users and tokens; who enters says wzprojects/admin.py."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import AccountForm, NewAccountForm
from accounts.models import ApiToken, Department, Region, TreeNode, User
from accounts.permissions import (
    has_left_traces,
    in_bounds,
    leaves_no_administrator,
    may_administer_everything,
    nameable_departments,
    visible_users,
)
from accounts.tokens import revoke
from accounts.workflow import is_locked, set_temporary_password, unlock

# What a person may do follows from the role alone.
admin.site.unregister(Group)


def indented(node: TreeNode) -> str:
    """The node's name, moved right by its depth; spaces that a browser does not swallow."""
    return "\N{IDEOGRAPHIC SPACE}" * node.depth + node.name


def offered(tree: type[TreeNode], user: User) -> QuerySet[Any]:
    """The nodes that this administrator may name."""
    if tree is Department:
        return nameable_departments(user).offered()
    return Region.objects.filter(in_bounds(user, "pk"))


class TreeChoiceField(forms.ModelChoiceField):
    """A choice among nodes, in the tree's order, each under its parent."""

    def label_from_instance(self, obj: TreeNode) -> str:
        return f"{indented(obj)} ({obj.code})"


class TreeAdmin(admin.ModelAdmin):
    """A coded tree: parents before children, names indented; moving a node moves its branch."""

    ordering = ("path",)
    search_fields = ("code", "name")

    @admin.display(description=_("name"), ordering="path")
    def indented_name(self, node: TreeNode) -> str:
        return indented(node)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if issubclass(db_field.related_model, TreeNode):
            kwargs["form_class"] = TreeChoiceField
            kwargs["queryset"] = offered(db_field.related_model, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Region)
class RegionAdmin(TreeAdmin):
    """行政区划."""

    list_display = ("indented_name", "code", "level")
    list_filter = ("level",)
    fields = ("code", "name", "level", "parent")


@admin.register(Department)
class DepartmentAdmin(TreeAdmin):
    """责任单位."""

    list_display = ("indented_name", "code", "region", "dissolved_into", "is_sample")
    list_filter = (
        ("dissolved_into", admin.EmptyFieldListFilter),
        "is_sample",
        ("region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("region", "dissolved_into")
    fields = ("code", "name", "region", "parent", "dissolved_into", "is_sample")
    readonly_fields = ("dissolved_into", "is_sample")
    change_form_template = "admin/accounts/department/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        return super().get_queryset(request).filter(in_bounds(request.user, "region"))  # type: ignore[arg-type]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts: role, department and region, a temporary password, an unlocked sign-in."""

    form = AccountForm
    list_display = ("username", "name", "role", "department", "region", "is_active", "last_login")
    list_filter = (
        "role",
        "is_active",
        *((name, admin.RelatedOnlyFieldListFilter) for name in ("department", "region")),
    )
    list_select_related = ("department", "region")
    search_fields = ("username", "name", "email")
    fieldsets = (
        (None, {"fields": ("username", "name", "email")}),
        (_("What this person may do"), {"fields": ("role", "department", "region", "is_active")}),
        (
            _("Signing in"),
            {"fields": ("must_change_password", "locked", "last_login", "date_joined")},
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": NewAccountForm.Meta.fields,
                "description": _("A temporary password is made and shown once you have saved."),
            },
        ),
    )
    readonly_fields = ("must_change_password", "locked", "last_login", "date_joined")
    actions = ("unlock_selected",)
    change_form_template = "admin/accounts/user/change_form.html"

    @admin.display(description=_("locked after failed attempts"), boolean=True)
    def locked(self, user: User) -> bool:
        return is_locked(user)

    @admin.action(description=_("Unlock signing in of the selected users"), permissions=["change"])
    def unlock_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        unlocked = 0
        for user in queryset:
            if unlock(user):
                self.log_change(request, user, gettext("Signing in was unlocked."))
                unlocked += 1
        message = ngettext("%(count)d user unlocked.", "%(count)d users unlocked.", unlocked)
        self.message_user(request, message % {"count": unlocked})

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return () if obj is None else super().get_readonly_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewAccountForm
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return visible_users(request.user).order_by(*self.get_ordering(request))  # type: ignore[arg-type]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if issubclass(db_field.related_model, TreeNode):
            kwargs["form_class"] = TreeChoiceField
            kwargs["queryset"] = offered(db_field.related_model, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<path:object_id>/temporary-password/",
            self.admin_site.admin_view(self.temporary_password_view),
            name="accounts_user_temporary_password",
        )
        return [page, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def temporary_password_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first; then make the password and show it, once."""
        user = self.get_object(request, unquote(object_id))
        if user is None:
            raise Http404
        if user == request.user:
            messages.error(request, _("Change your own password on the password page."))
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[user.pk]))
        password = ""
        if request.method == "POST":
            password = set_temporary_password(user)
            self.log_change(request, user, gettext("A temporary password was set."))
        return self.password_page(request, user, password)

    @method_decorator(never_cache)
    def password_page(self, request: HttpRequest, user: User, password: str) -> HttpResponse:
        """The password where there is one, else the question whether to make it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Temporary password"),
            "subtitle": str(user),
            "opts": self.opts,
            "original": user,
            "password": password,
        }
        return TemplateResponse(request, "admin/accounts/user/temporary_password.html", context)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        saved = super().save_form(request, form, change)
        saved.temporary_password = getattr(form, "temporary_password", "")
        return saved

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The new account's password is shown in the answer itself, so that it is stored nowhere."""
        return self.password_page(request, obj, obj.temporary_password)  # type: ignore[attr-defined]

    def get_deleted_objects(
        self, objs: QuerySet[User] | Sequence[User], request: HttpRequest
    ) -> Any:
        """What stands in the way of deleting: traces in the log, and being the last administrator."""
        tree, counts, missing, protected = super().get_deleted_objects(objs, request)
        if leaves_no_administrator(objs):
            protected.append(gettext("There would be no active administrator any more."))
        for user in objs:
            if has_left_traces(user):
                protected.append(gettext("%s: entries in the administration's log") % user)
        return tree, counts, missing, protected


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Everybody's tokens: made by their owners, revoked here too; nobody reads the token itself."""

    list_display = ("name", "token_key", "user", "created", "expiry", "last_used_on", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("name", "token_key", "user__username", "user__name")
    fields = (
        "name",
        "token_key",
        "user",
        "scopes",
        "created",
        "expiry",
        "last_used_on",
        "revoked_at",
        "revoked_by",
    )
    actions = ("revoke_selected",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return may_administer_everything(request.user)  # type: ignore[arg-type]

    @admin.action(description=_("Revoke the selected tokens"), permissions=["revoke"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        at, count = timezone.now(), 0
        for token in queryset:
            if revoke(token, by=request.user, at=at):  # type: ignore[arg-type]
                self.log_change(request, token, gettext("The token was revoked."))
                count += 1
        message = ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", count)
        self.message_user(request, message % {"count": count})
