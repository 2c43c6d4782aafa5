"""What a form has against a row of a workbook."""

from django.forms import BaseForm

from office.intake import Refused


def refused(form: BaseForm) -> Refused:
    """The form's errors as the row's: those of the whole form stand at the row itself."""
    errors = {
        "" if name == "__all__" else name: [str(message) for message in messages]
        for name, messages in form.errors.items()
    }
    return Refused(errors)
