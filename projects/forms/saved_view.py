"""The form that keeps a list's filters, order and columns under a name."""

from django import forms
from django.http import QueryDict

from office.key_pages import without_place
from projects.models import SavedView


class SavedViewForm(forms.ModelForm):
    """A name, and the query of the address as it stood."""

    class Meta:
        model = SavedView
        fields = ("page", "name", "query")

    def clean_query(self) -> str:
        """Keep the query without the page number and empty fields."""
        query = without_place(QueryDict(self.cleaned_data["query"]))
        for name in [name for name, values in query.lists() if not any(values)]:
            del query[name]
        return query.urlencode()
