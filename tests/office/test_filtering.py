"""Sets of filters that share their form's class, and the selects of the panel."""

import django_filters
import pytest
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from office.filtering import ChoiceFilter, Entry, FilterSet, Select, panel


class Sorted(FilterSet):
    """Departments by two choices, one of which changes."""

    offered = [("a&b", "A & B")]

    level = ChoiceFilter(choices=[("1", _("Status")), ("2", _("Department"))], label=_("Status"))
    kind = ChoiceFilter(choices=lambda: Sorted.offered, method="of_kind", label=_("Kind"))

    class Meta:
        model = Department
        fields: list[str] = []

    def of_kind(self, queryset, name, value):
        self.asked = value
        return queryset


def asked(query: str) -> Sorted:
    return Sorted(QueryDict(query), queryset=Department.objects.none())


def selects(query: str) -> dict[str, Select]:
    return {field.name: field for field in panel(asked(query).form) if isinstance(field, Select)}


def test_two_sets_share_the_form_s_class_and_nothing_that_was_asked():
    one, other = asked("level=1&kind=a%26b"), asked("kind=")
    assert one.is_valid()
    assert other.is_valid()
    assert type(one.form) is type(other.form)
    assert one.form.cleaned_data["level"] == "1"
    assert other.form.cleaned_data["level"] == ""


def test_a_method_is_that_of_the_set_that_was_asked():
    one, other = asked("kind=a%26b"), asked("level=2")
    assert one.is_valid()
    assert other.is_valid()
    assert one.filters["kind"].parent is one
    assert one.qs is not None
    assert one.asked == "a&b"
    assert not hasattr(other, "asked")


@pytest.mark.parametrize(
    ("query", "chosen"), [("", 'value=""'), ("kind=a%26b", 'value="a&amp;b"')], ids=["all", "one"]
)
def test_the_chosen_option_alone_is_marked_and_every_word_is_escaped(query, chosen):
    options = selects(query)["kind"].options
    assert options.count(" selected>") == 1
    assert f"<option {chosen} selected>" in options
    assert "A &amp; B" in options


def test_options_are_told_in_the_reader_s_language():
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = selects("")["level"].options
    assert "Department" in told["en"]
    assert "Department" not in told["zh-hans"]


def test_a_value_that_is_not_offered_comes_back_with_its_error():
    fields = {field.name: field for field in panel(asked("level=9").form)}
    assert not isinstance(fields["level"], Select)
    assert fields["level"].errors


class Typed(FilterSet):
    """Departments by a text and a number."""

    q = django_filters.CharFilter(label=_("Name"))
    least = django_filters.NumberFilter(field_name="pk", lookup_expr="gte", label=_("Least"))

    class Meta:
        model = Department
        fields: list[str] = []


@pytest.mark.parametrize("query", ["", "q=%E5%B7%A5", "q=a%22%3Cb&least=5", "least=0"])
def test_texts_and_numbers_are_written_as_django_writes_them(query):
    form = Typed(QueryDict(query), queryset=Department.objects.none()).form
    written = {field.name: str(field.entry) for field in panel(form) if isinstance(field, Entry)}
    as_django_writes = {name: str(form[name]).replace("&#34;", "&quot;") for name in form.fields}
    assert written == as_django_writes


def test_a_number_that_is_none_is_left_to_django_with_what_is_wrong():
    form = Typed(QueryDict("least=x"), queryset=Department.objects.none()).form
    form.is_valid()
    assert "aria-invalid" in str(panel(form)[1])
