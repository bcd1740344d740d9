"""Forms made from registers: a field of a noun is asked for the same way wherever it is asked for.

A form here validates nothing by itself. It hands what was typed to the noun's service, which reads it
through the register, and puts the service's refusals beside the fields they are about.
"""

from .act import ActForm, day_field, typed_day
from .form import RecordForm, added_form, comparable, in_order, read_form, with_added
from .pages import add_page, edit_page

__all__ = [
    "ActForm", "RecordForm", "add_page", "added_form", "comparable", "day_field", "edit_page", "in_order", "read_form", "typed_day",
    "with_added",
]  # fmt: skip
