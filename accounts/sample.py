"""Whether invented sample data are loaded, so that every page can say so."""

from accounts.models import Department
from office.memory import remembered


def has_sample_data() -> bool:
    """True where a department of the demo exists."""
    return Department.objects.filter(is_sample=True).exists()


def shows_sample_data() -> bool:
    """The same for the pages, each of which says it: asked anew once a minute."""
    return remembered("sample-data", has_sample_data)
