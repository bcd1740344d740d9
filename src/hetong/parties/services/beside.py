"""Fields that the house added to numbers and addresses, as the form of the party asks for them with these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from hetong.audit.services import added, changes, record_added, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.batch import Batch
from hetong.kernel.errors import N_, Problem
from hetong.kernel.events import Fact
from hetong.kernel.input import assign
from hetong.kernel.joined import index
from hetong.parties.events import Act, DetailsChanged
from hetong.parties.fields.beside import Place

EMPTY = (None, "")


def left_out(batch: Batch, place: Place, own: Mapping[str, Any], company: UUID | None) -> Iterator[Problem]:
    """A problem for each field that a new record of that place needs and that is empty, under the name the form has for it."""
    for one in batch.rights(company, "")[1]:
        if one.kept and own.get(one.name) in EMPTY:
            yield Problem("required", N_("This is needed."), field=place.name_of(one.name))


class Beside:
    """What one form says of one number or address of each party, besides what the party's own fields say."""

    def __init__(self, actor: Actor, place: Place, codes: tuple[Act, Act]) -> None:
        """``codes``: of a record that is added, and of one that is changed."""
        self.actor, self.place, self.codes = actor, place, codes
        self._batch = Batch(place.register, actor)
        self._written: list[tuple[Model, bool, Mapping[str, Any]]] = []
        """Each row, whether it is new, and what the journal says of it before."""

    def is_asked(self, values: Mapping[str, Any], *, is_given: bool) -> bool:
        """Whether there is anything to look at: mostly there is not, and no record has to be read for it."""
        return bool(self.place.own(values)) or (is_given and any(one.kept for one in self._batch.rights(None, "")[1]))

    def read(self, values: Mapping[str, Any], *, is_there: bool, is_given: bool) -> Iterator[Problem]:
        """What is wrong with what one party's form says. ``is_there``: the record was made before; ``is_given``: it is filled in."""
        own = self.place.own(values)
        if is_there:
            yield from left_out(self._batch, self.place, own | self._unsaid(own), None)
        elif is_given:
            yield from left_out(self._batch, self.place, own, None)
        else:
            text = N_("Fill in %(what)s as well, or leave this empty.")
            for name in (name for name, value in own.items() if value not in EMPTY):
                yield Problem("alone", text, {"what": str(self.place.label)}, self.place.name_of(name))

    def _unsaid(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """What a record that is there keeps, as it is: the fields that the form does not name are not asked for."""
        return {one.name: True for one in self._batch.rights(None, "")[1] if one.name not in own}

    def put(self, row: Model, values: Mapping[str, Any], *, is_new: bool) -> None:
        """Set what is said on the row, before it is written."""
        own = self.place.own(values)
        if own:
            before = {} if is_new else self.place.register.held([row], own)[row.pk]
            assign(self.place.register, row, own)
            self._written.append((row, is_new, before))

    def tell(self) -> None:
        """Once the rows are written: the index of their values, the journal, the event."""
        register, rows = self.place.register, [row for row, _new, _before in self._written]
        if not rows:
            return
        names = {name for row in rows for name in row.custom}  # type: ignore[attr-defined]  # every such noun has it
        index(register, rows, names)
        self._record([row for row, is_new, _before in self._written if is_new])
        held = {row.pk: before for row, is_new, before in self._written if not is_new}
        now = register.held([row for row in rows if row.pk in held], names)
        what = [change for change in changes(register, held, now, {}) if change.fields()]
        record_many(self.actor, self.codes[1], what)
        publish(DetailsChanged(self.actor, tuple(Fact(register.noun, row.pk) for row in rows)))

    def _record(self, new: Sequence[Model]) -> None:
        if new:
            record_added(self.actor, self.codes[0], added(self.place.register, new))
