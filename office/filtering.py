"""django-filter's sets of filters at the price of a page: their forms' classes are made once, not at every request."""

import copy
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import django_filters
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField, ChoiceIterator

from office.memory import remembered
from office.widgets import LeanSelect


class Choices(ChoiceIterator):
    """Pairs of value and label, below the empty choice; `choices` may be a function that gives them."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from self.choices() if callable(self.choices) else self.choices


class LeanChoiceField(ChoiceField):
    """A choice whose options are shared by all forms, not copied with each."""

    iterator = Choices

    def __deepcopy__(self, memo: dict[int, Any]) -> "LeanChoiceField":
        return forms.Field.__deepcopy__(self, memo)  # a ChoiceField's own copies every option


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of several values, or all; `choices` are pairs, or a function that gives them."""

    field_class = LeanChoiceField

    def __init__(
        self,
        *args: Any,
        choices: Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("empty_label", _("All"))
        kwargs.setdefault("widget", LeanSelect)
        super().__init__(*args, choices=choices, **kwargs)


@dataclass(frozen=True, slots=True)
class Select:
    """A select of a filter's form, ready to be written."""

    name: str
    label: Any
    options: SafeString


@dataclass(frozen=True, slots=True)
class Entry:
    """A text or a number of a filter's form, ready to be written; `kind` is the input's type."""

    name: str
    label: Any
    kind: str
    entry: SafeString


def panel(form: forms.Form) -> list[Select | Entry | forms.BoundField]:
    """The fields of a filter's form in their order: plain ones as text, any other as Django binds it."""
    return [
        _select(form, name, field) or _entry(form, name, field) or form[name]
        for name, field in form.fields.items()
    ]


def _given(form: forms.Form, name: str, field: Any) -> Any:
    return form.data.get(name) if form.is_bound else form.get_initial_for_field(field, name)


def _entry(form: forms.Form, name: str, field: Any) -> Entry | None:
    widget = field.widget
    is_plain = type(widget) in (forms.TextInput, forms.NumberInput) and not field.help_text
    if not is_plain or field.required or name in form.errors:
        return None
    value = widget.format_value(_given(form, name, field))
    told = {"type": widget.input_type, "name": name, "value": value, **widget.attrs}
    told["id"] = f"id_{name}"
    attributes = " ".join(
        f'{attribute}="{escape(str(said))}"' for attribute, said in told.items() if said is not None
    )
    return Entry(name, field.label, widget.input_type, SafeString(f"<input {attributes}>"))


def _select(form: forms.Form, name: str, field: Any) -> Select | None:
    if type(field.widget) is not LeanSelect or field.widget.attrs or name in form.errors:
        return None
    given = _given(form, name, field)
    shared = getattr(form, "shared_name", "")
    if shared:
        # What a list is narrowed by differs from page to page, what it can be narrowed by does not.
        known = f"select:{shared}.{name}:{get_language()}"
        options = remembered(known, lambda: _options(field.choices))
    else:
        options = _options(field.choices)
    chosen = _opened("" if given is None else given)
    return Select(
        name, field.label, SafeString(options.replace(chosen, f"{chosen[:-1]} selected>"))
    )


def _options(choices: Iterable[tuple[Any, Any]]) -> str:
    return "".join(f"{_opened(value)}{escape(str(label))}</option>" for value, label in choices)


def _opened(value: Any) -> str:
    return f'<option value="{escape(str(value))}">'


class _Filters(OrderedDict[str, django_filters.Filter]):
    """The filters of a class; each set takes its own, but what they were declared with is shared."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Filters":
        return _Filters((name, _own(declared)) for name, declared in self.items())


def _own(declared: django_filters.Filter) -> django_filters.Filter:
    own = copy.copy(declared)
    own.method = declared.method  # looked up in the set that the filter is of
    return own


class _Fields(dict[str, forms.Field]):
    """A form's fields: those of filters are not copied for each form; who changes one copies it first."""

    shared: Collection[str] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {
            name: field if name in self.shared else copy.deepcopy(field, memo)
            for name, field in self.items()
        }


class FilterSet(django_filters.FilterSet):
    """A set of filters that differs from request to request in nothing but what is asked of it.

    Every filter says its label; options that change are a function (`ChoiceFilter`).
    """

    _form_class: type[forms.Form]

    @classmethod
    def get_filters(cls) -> OrderedDict[str, django_filters.Filter]:
        """The declared filters."""
        return _Filters(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        """The form, made by the first request."""
        made = type(self)
        if "_form_class" not in vars(made):
            made._form_class = super().get_form_class()
            fields = made._form_class.base_fields = _Fields(made._form_class.base_fields)
            fields.shared = made.base_filters
            made._form_class.shared_name = f"{made.__module__}.{made.__qualname__}"  # type: ignore[attr-defined]
        return made._form_class
