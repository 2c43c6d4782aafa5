"""What the filtered tables share: which filters are set, and the address without each."""

from typing import Any

import django_filters


def active_filters(filterset: django_filters.FilterSet) -> list[tuple[str, str, str]]:
    """The filters that are set: label, value in words, address without it."""
    active = []
    for name, field in filterset.form.fields.items():
        value: Any = filterset.form.cleaned_data.get(name)
        if value in (None, ""):
            continue
        labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        rest = filterset.data.copy()
        rest.pop(name, None)
        active.append(
            (str(field.label), labels.get(str(value), str(value)), f"?{rest.urlencode()}")
        )
    return active
