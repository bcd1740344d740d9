"""A form over some fields of one record, bound to what was typed, showing the service's refusals."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.kernel.fields import Field, Kind, Register, Row
from hetong.kernel.money import Money
from hetong.kernel.nouns import noun
from hetong.ui.errors import problem_words, wording
from hetong.ui.http import Request

from .controls import Raw, control_of, picked_title, raw_of
from .options import resolved

PREFIX_WAS = "was_"


class RecordForm(forms.Form):
    """The writable ones among ``names`` of a noun, as controls; in the order of ``names``.

    ``row`` is the record being edited (its values are the initial ones); ``initial`` gives values for a
    new one, raw or typed; ``company`` is its company, where that is known already. Fields the reader may not
    write are left out: the service would refuse them.
    """

    use_required_attribute = False

    def __init__(
        self,
        actor: Actor,
        register: Register,
        names: Sequence[str] | None = None,
        *,
        data: Any = None,
        row: Row | None = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
        company: UUID | None = None,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.actor, self.register, self.row = actor, register, row
        self.label_suffix = ""
        of = row.company if row else company
        writable = register.writable(actor, of, row.stage if row else register.first_stage)
        wanted = [f.name for f in writable] if names is None else list(names)
        by_name = {f.name: f for f in writable}
        self.asked: list[Field] = [by_name[name] for name in wanted if name in by_name]
        self._typed = self._current(initial or {})
        for one in self.asked:
            self._add(one)

    def _current(self, initial: Mapping[str, Any]) -> dict[str, Any]:
        typed = {f.name: f.initial() if callable(f.initial) else f.initial for f in self.asked} | dict(initial)
        if self.row is not None:
            typed |= {f.name: self.row.get(f.name) for f in self.asked}
            labels = [f for f in self.asked if f.kind is Kind.LABELS]
            raws = self.register.raw([self.row.id], labels) if labels else []
            typed |= {f.name: raws[0].get(f.path) for f in labels if raws and isinstance(f.path, str)}
        return typed

    def _add(self, one: Field) -> None:
        current = self._typed.get(one.name)
        only = self._amount_only(one, current)
        field = control_of(self.actor, one, current=current, amount_only=only)
        field.initial = raw_of(one, current, self.actor.language, amount_only=only is not None)
        self.fields[one.name] = field
        widget: Any = field.widget
        if self.is_bound and hasattr(widget, "picker_url"):
            widget.picker_text = picked_title(self.actor, one, str(self.typed_value(one.name) or ""))

    def _amount_only(self, one: Field, current: Any) -> str | None:
        """The currency of an amount that has its currency from another field of the same form; None otherwise."""
        if one.kind is not Kind.MONEY:
            return None
        beside = next((f for f in self.asked if f.path == one.currency), None)
        if beside is None:
            return None
        return current.currency if isinstance(current, Money) else ""

    def typed_value(self, name: str) -> Any:
        """What stands in the control now: what was typed, or the initial value."""
        return self[name].value()

    # -- what was given ------------------------------------------------------------------------

    def given(self) -> dict[str, Any]:
        """What was typed, by field name, for the noun's service."""
        return {one.name: self._given(one) for one in self.asked}

    def _given(self, one: Field) -> Any:
        field = self.fields[one.name]
        value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(one.name))
        if one.kind is Kind.REFERENCE:
            return resolved(self.actor, one, str(value or "").strip())
        if one.kind is Kind.LABELS and not value:
            return None
        return value

    def was(self, name: str) -> Any:
        """What stood in the control when the page was made, as the page sent it back; None when it did not."""
        sent = self.data.get(self.add_prefix(PREFIX_WAS + name)) if self.data else None
        try:
            return json.loads(sent) if sent else None
        except ValueError:
            return None

    def changed(self) -> dict[str, Any]:
        """What was typed and differs from what the page showed; all of it when the page did not say."""
        return {name: value for name, value in self.given().items() if not self._is_same(name, value)}

    def _is_same(self, name: str, value: Any) -> bool:
        sent = self.add_prefix(PREFIX_WAS + name) in (self.data or {})
        was = self.was(name)
        return sent and comparable(was) == comparable(value)

    def was_fields(self) -> list[tuple[str, str]]:
        """Hidden inputs that say what this page showed: name and JSON."""
        if self.row is None:
            return []
        return [(self.add_prefix(PREFIX_WAS + f.name), self._was_now(f.name)) for f in self.asked]

    def _was_now(self, name: str) -> str:
        key = self.add_prefix(PREFIX_WAS + name)
        return self.data[key] if self.is_bound and key in self.data else json.dumps(self.fields[name].initial)

    # -- refusals ------------------------------------------------------------------------------

    def refuse(self, error: Invalid) -> None:
        """Put each problem beside its field, the others on top."""
        self.full_clean()
        for problem in error.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem_words(problem))
        if not error.problems:
            self.add_error(None, " ".join(wording(error)))
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    # -- drawing -------------------------------------------------------------------------------

    def sections(self) -> list[dict[str, Any]]:
        """The fields by `Field.group`, in the order in which the groups first appear."""
        groups: dict[str, list[Any]] = {}
        for one in self.asked:
            groups.setdefault(str(one.group or ""), []).append(self[one.name])
        return [
            {"legend": legend or _("Details"), "fields": fields, "bare": len(groups) == 1}
            for legend, fields in groups.items()
        ]


def in_order(register: Register, first: Sequence[str], *, without: Collection[str] = ()) -> tuple[str, ...]:
    """The names of a form over all that can be written: ``first`` in that order, then the others as the register has them.

    So a field that is new in the register is asked for without being named here. ``without`` are asked for elsewhere.
    """
    rest = (one.name for one in register if one.write and one.name not in first)
    return tuple(name for name in (*first, *rest) if name not in without)


def with_added(register: Register, names: Sequence[str]) -> tuple[str, ...]:
    """The names of a form of its own, then the fields that the house added to such records, and to those made beside them."""
    added = (one for one in register if one.kept or one.of)
    return (*names, *(one.name for one in added if one.write and one.name not in names))


def added_form(
    actor: Actor, register: Register, data: Any = None, *, company: UUID | None, row: Row | None = None,
    prefix: str | None = None,
) -> RecordForm:  # fmt: skip
    """The form over the fields alone that the house added to such records, for a record of that company (None: of any)."""
    return RecordForm(actor, register, with_added(register, ()), data=data, row=row, prefix=prefix, company=company)


def comparable(value: Any) -> Any:
    """A value of a control without what does not matter when two are compared."""
    if isinstance(value, str):
        return value.strip().replace("\r\n", "\n")
    if isinstance(value, list | tuple):
        return sorted(str(v) for v in value)
    return value or "" if value is None or value == {} or value is False else value


def read_form(
    request: Request,
    of: str | Register,
    names: Iterable[str] | None = None,
    *,
    row: Row | None = None,
    initial: Mapping[str, Any] | None = None,
) -> RecordForm:
    """The form of a special page: bound to the request when it posts, else fresh. Draw it with ``ui/forms/form.html``.

    The view calls its service with ``form.given()`` and, on `Invalid`, ``form.refuse(error)``.
    """
    register = noun(of).register if isinstance(of, str) else of
    data = request.POST if request.method == "POST" else None
    return RecordForm(
        request.actor, register, list(names) if names is not None else None, data=data, row=row, initial=initial
    )


__all__ = ["Raw", "RecordForm", "added_form", "comparable", "in_order", "read_form", "with_added"]
