"""What can go wrong in the business, as classes with a code, a status and words.

An error is raised with the facts of the case and worded at the edge in the reader's language:
``text`` says what is wrong and why, ``then`` says what to do now. Both are English sources with
``%(name)s`` places for the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark a text for translation at the edge; the name is gettext's own."""
    return text


class DomainError(Exception):
    """A refusal of the business, never a defect: nothing was changed and the reader is told why."""

    code: str = "refused"
    status: ClassVar[int] = 400
    text: ClassVar[str] = N_("This cannot be done.")
    then: ClassVar[str] = ""

    def __init__(self, code: str = "", /, **params: Any) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.params = params


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one field (``field``) or one row (``row``)."""

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    row: str = ""


class NotFound(DomainError):
    """The record does not exist, or this actor may not know that it does."""

    code = "not_found"
    status = 404
    text = N_("There is no such record, or you have no access to it.")
    then = N_("Check the address, or ask the record's owner to share it with you.")


class Forbidden(DomainError):
    """Visible, but this act is not for this actor."""

    code = "forbidden"
    status = 403
    text = N_("You may see this, but your role does not allow this act.")
    then = N_("Ask an administrator for the right, or a colleague who has it.")


class OnlyLooking(Forbidden):
    """The reader views the product as somebody else; that is for reading alone."""

    code = "only_looking"
    text = N_("You are viewing as %(who)s. Nothing can be changed in a preview.")
    then = N_("End the preview, then do it as yourself.")


class Conflict(DomainError):
    """The record is not in a condition that allows the act."""

    code = "conflict"
    status = 409
    text = N_("The record has changed in a way that does not allow this.")
    then = N_("Reload the page and look at the record again.")


class Stale(Conflict):
    """Someone saved the record since the reader loaded it; ``theirs`` maps field to (then, now)."""

    code = "stale"
    text = N_("Someone else changed this record while you worked on it.")
    then = N_("Compare both values below, then save yours or keep theirs. Nothing of yours is lost.")


class IllegalMove(Conflict):
    """The lifecycle has no such step from the present stage."""

    code = "illegal_move"
    text = N_("“%(verb)s” is not possible while the record is “%(stage)s”.")
    then = N_("The page shows the steps that are possible now.")


class InUse(Conflict):
    """Others refer to the record, so it can be retired but not deleted."""

    code = "in_use"
    text = N_("This is in use and cannot be deleted.")
    then = N_("Retire it instead: it is no longer offered, and what uses it stays as it is.")


class Invalid(DomainError):
    """The input is wrong; every problem is named at once and nothing is lost."""

    code = "invalid"
    status = 422
    text = N_("Some of the input is not right.")
    then = N_("Correct the fields named below. What you typed is kept.")

    def __init__(self, code: str = "", /, problems: Iterable[Problem] = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """For logs and test output: which fields, and why."""
        named = "; ".join(f"{p.row}{p.field} {p.code} {dict(p.params)}" for p in self.problems)
        return f"{self.code} {self.params or ''}: {named}"


class UnknownField(Invalid):
    """A field that does not exist, or is hidden from this actor: both answer alike."""

    code = "unknown_field"
    text = N_("These fields are not known here: %(fields)s.")
    then = N_("Remove them and try again.")


class TooMany(DomainError):
    """Too many attempts in a short time."""

    code = "too_many"
    status = 429
    text = N_("There were too many attempts in a short time.")
    then = N_("Wait a few minutes and try again.")


class TooLarge(DomainError):
    """What was sent is larger than is taken here."""

    code = "too_large"
    status = 413
    text = N_("This is larger than can be taken here.")
    then = N_("Send less at a time.")


class WrongMethod(DomainError):
    """The address exists, but not for this method."""

    code = "wrong_method"
    status = 405
    text = N_("This address does not take %(method)s.")
    then = N_("It takes: %(allowed)s.")


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Invalid` naming all problems, if there are any."""
    found = tuple(problems)
    if found:
        raise Invalid(problems=found)
