"""Whether invented sample data are loaded, so that every page can say so."""

from accounts.models import Department


def has_sample_data() -> bool:
    """True where a department of the demo exists."""
    return Department.objects.filter(is_sample=True).exists()
