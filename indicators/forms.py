"""The form in which a year's result is entered."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.models import Observation, Target
from indicators.recording import FIELDS
from indicators.rows import reading
from indicators.targets import ActualKind, UnparseableActual
from indicators.wording import plain


class ObservationForm(forms.ModelForm):
    """A year's result of one indicator: in words as they are printed, and as a number."""

    class Meta:
        model = Observation
        fields = FIELDS
        labels = {
            "value": _("Result as a number"),
            "text": _("Result in words"),
            "growth": _("Growth over last year"),
        }
        help_texts = {
            "value": _("In the indicator's own unit."),
            "text": _("As it will be printed; empty for the number itself."),
            "note": _("Why the target was missed, for instance."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stated = self.instance.sentence_id is not None
        self.was_released = (
            self.instance.pk is not None and self.instance.status != Observation.Status.NOT_RELEASED
        )
        for name in ("value", "growth"):
            if isinstance(self.initial.get(name), Decimal):
                self.initial[name] = plain(self.initial[name])

    def clean(self) -> dict[str, Any]:
        """Words and number agree; a result that is not released has neither."""
        cleaned = super().clean() or {}
        if cleaned.get("status") == Observation.Status.NOT_RELEASED:
            self._check_unreleased(cleaned)
        elif not self.errors:
            self._check_released(cleaned)
        return cleaned

    def _check_unreleased(self, cleaned: dict[str, Any]) -> None:
        for name in ("value", "growth"):
            if cleaned.get(name) is not None:
                self.add_error(name, _("A figure that is not released has no value."))
        if self.stated and self.was_released:
            self.add_error(
                "status",
                _("The report states this figure: it can be corrected, not taken back."),
            )

    def _check_released(self, cleaned: dict[str, Any]) -> None:
        value, text = cleaned.get("value"), cleaned.get("text", "")
        try:
            in_words = reading(text, None)
        except UnparseableActual:
            in_words = None
            if value is None:
                raise ValidationError(
                    {"text": _("These words cannot be judged; give the number beside them.")}
                ) from None
        if in_words is not None and in_words.kind == ActualKind.NOT_RELEASED:
            raise ValidationError({"text": _("These words say that it is not released yet.")})
        if value is None and in_words is None:
            raise ValidationError(_("Give the result as a number or in words."))
        if in_words is not None and in_words.kind == ActualKind.LEVEL:
            if value is None:
                cleaned["value"] = in_words.number
            elif in_words.number != value and not in_words.unit:
                self.add_error("text", _("The words and the number differ."))
        if not text and value is not None:
            cleaned["text"] = plain(value)


class TargetForm(forms.ModelForm):
    """A year's target of an indicator, in the words that are printed."""

    class Meta:
        model = Target
        fields = ("indicator", "year", "seq", "binding", "text", "tolerance")
