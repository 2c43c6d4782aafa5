"""What every page knows: its frame, whether sample data are loaded, the business date."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.office_name import place_name
from accounts.sample import shows_sample_data
from office.clock import today
from wzprojects.frame import Frame


def site(request: HttpRequest) -> dict[str, object]:
    """Context of the base template; a fragment of a page pays for nothing of it."""
    sample_data = SimpleLazyObject(shows_sample_data)
    business_date = today() if settings.WZ_TODAY else None
    frame = Frame(request, sample_data=sample_data, business_date=business_date)
    return {
        "frame": frame,
        "sample_data": sample_data,
        "business_date": business_date,
        "office_place": SimpleLazyObject(lambda: place_name(frame.reader)),
    }
