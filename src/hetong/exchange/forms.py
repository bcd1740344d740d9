"""The forms of an import: which file, how it is read, what holds for all of its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.exchange.importing import KINDS
from hetong.exchange.importing.kinds import STAGES
from hetong.exchange.reading import DATES, DECIMALS, DELIMITERS, ENCODINGS, QUOTES, Reading
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.kernel.money import PLACES
from hetong.kernel.nouns import noun
from hetong.ui.errors import problem_words, wording
from hetong.ui.forms import ActForm

_NAMES: Final[Mapping[str, str]] = {
    ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "+|": "bulk",
    '"': "double", '\\"': "escaped", "'": "single", "": "none",
}  # fmt: skip
"""Marks as they stand in a form: a browser would not send every one of them as it is."""
_MARKS: Final = {name: mark for mark, name in _NAMES.items()}
_OTHER: Final = "other"


class StartForm(ActForm):
    """A file, what it holds, and whose it becomes."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    company = forms.ChoiceField(label=_("Company"), help_text=_("The records are added to it."))
    profile = forms.ChoiceField(label=_("Read it like"), required=False)
    file = forms.FileField(label=_("File"), help_text=_("CSV or TSV of any encoding, XLSX, XLS or ODS."))

    def __init__(
        self, data: Any = None, *, files: Any = None, kinds: Sequence[str], companies: Collection[tuple[str, str]],
        profiles: Sequence[tuple[str, str]], initial: Mapping[str, Any],
    ) -> None:  # fmt: skip
        super().__init__(data, files=files, initial=dict(initial))
        self._offer("kind", [(key, KINDS[key].label) for key in kinds])
        self._offer("company", list(companies))
        self._offer("profile", [("", _("Guess")), *profiles])
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.tab,.txt,.xlsx,.xls,.ods"
        for name in ("kind", "file"):
            self.fields[name].widget.wide = True
        if len(companies) == 1:
            self.fields["company"].widget = forms.HiddenInput()
            self.initial["company"] = next(iter(companies))[0]
        if not profiles:
            del self.fields["profile"]

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def refuse_file(self, error: Invalid) -> None:
        """Say beside the file why it is not taken."""
        self.add_error("file", " ".join([*wording(error), *(problem_words(one) for one in error.problems)]).strip())


class ReadingForm(ActForm):
    """How the file is read; a workbook has sheets, a text file has encoding and marks."""

    sheet = forms.ChoiceField(label=_("Sheet"))
    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(
        label=_("Delimiter"), choices=[(_NAMES[mark], label) for mark, label in DELIMITERS.items()]
    )
    quote = forms.ChoiceField(
        label=_("Quotation marks"), choices=[(_NAMES[mark], label) for mark, label in QUOTES.items()]
    )
    header = forms.CharField(
        label=_("Line with the column names"), help_text=_("0 where there is none."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num", "autocomplete": "off", "maxlength": "4"}),
    )  # fmt: skip
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=list(DECIMALS.items()))
    dates = forms.ChoiceField(label=_("Days are written"), choices=list(DATES.items()))

    def __init__(self, data: Any = None, *, reading: Reading, sheets: Sequence[str]) -> None:
        start = {
            "sheet": reading.sheet, "encoding": reading.encoding, "delimiter": _NAMES.get(reading.delimiter, _OTHER),
            "quote": _NAMES.get(reading.quote, _OTHER), "header": str(reading.header), "decimal": reading.decimal, "dates": reading.dates,
        }  # fmt: skip
        super().__init__(data, initial=start)
        of_text: Any = self.fields["sheet"]
        of_text.choices = [(name, name) for name in sheets]
        for name in ("encoding", "delimiter", "quote") if sheets else ("sheet",):
            del self.fields[name]
        for field in self.fields.values():
            field.required = False  # all of them hold a guess

    def given(self) -> dict[str, str]:
        """What was chosen, as `reading.from_json` takes it."""
        sent = {name: str(self.data.get(name, self.initial[name])) for name in self.fields}
        return sent | {name: _MARKS.get(sent[name], sent[name]) for name in ("delimiter", "quote") if name in sent}


class OptionsForm(ActForm):
    """What holds for all rows of a file."""

    stage = forms.ChoiceField(
        label=_("They come in as"), choices=list(STAGES.items()), required=False,
        help_text=_("Contracts that are in force or over are taken over as they are, without approval."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Stands in the history of each. Needed unless they are drafts."),
    )
    type = forms.ChoiceField(label=_("Contract type"), required=False, help_text=_("Where a row says none."))
    currency = forms.ChoiceField(label=_("Currency"), required=False, help_text=_("Where a row says none."))
    add_parties = forms.BooleanField(label=_("Add customers and suppliers that are not there yet"), required=False)
    kinds = forms.ChoiceField(label=_("They are"), required=False, help_text=_("Where a row does not say what it is."))

    OF: Final = {
        "parties": ("kinds",),
        "contracts": ("type", "stage", "reason", "currency", "add_parties"),
        "invoices": ("currency",),
        "payments": ("currency",),
    }  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, kind: str, options: Mapping[str, Any]) -> None:
        kinds = options.get("kinds") or [""]
        super().__init__(data, initial={**options, "kinds": kinds[0]}, prefix="o")
        for name in set(self.fields) - set(self.OF.get(kind, ())):
            del self.fields[name]
        self._offer(
            "type",
            [(str(row.id), row.title) for row in _rows(actor, "contracts.type")] if "type" in self.fields else (),
        )
        self._offer("currency", [(code, code) for code in sorted(PLACES)])
        if "kinds" in self.fields:
            choices = noun("parties.party").register.all()["kinds"].choices
            self._offer("kinds", [(one.code, one.label) for one in (choices() if choices else ())])

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        if name in self.fields:
            field: Any = self.fields[name]
            field.choices = [("", _("Not said")), *choices]

    def given(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        self.full_clean()
        given: dict[str, Any] = {name: self.data.get(f"o-{name}", "") for name in self.fields}
        if "add_parties" in given:
            given["add_parties"] = bool(given["add_parties"])
        if "kinds" in given:
            given["kinds"] = [given["kinds"]] if given["kinds"] else []
        return given


def _rows(actor: Actor, key: str) -> Sequence[Any]:
    entry = noun(key)
    return entry.register.show(actor, entry.visible_to(actor).filter(is_active=True), {entry.register.heading})
