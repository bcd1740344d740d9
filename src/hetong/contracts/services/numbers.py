"""Numbers that contracts have already when they come in: kept as they are, each once in its company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from hetong.contracts.models import Contract
from hetong.kernel.errors import N_, Problem
from hetong.kernel.text import clean_line

LONGEST = 40


class KnownNumbers:
    """Gives the rows of a batch the numbers that come with them."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self.numbers = [clean_line(number) for number in numbers]
        # allow: visibility — a number in use is in use, whoever sees it
        held = Contract.objects.filter(number__in=[number for number in self.numbers if number])
        self.taken: set[tuple[UUID, str | None]] = (
            set(held.values_list("company", "number")) if any(self.numbers) else set()
        )

    def give(self, row: Contract, place: int, *, is_right: bool) -> Iterator[Problem]:
        """Set the number that comes with the row at that place of the batch; the problem with it, if any.

        A row that is not right otherwise will not be there, and keeps the number from nobody.
        """
        number = self.numbers[place] if place < len(self.numbers) else ""
        if not number:
            return
        if len(number) > LONGEST:
            why = N_("This is too long: %(length)s characters, at most %(limit)s fit.")
            yield Problem("too_long", why, {"length": len(number), "limit": LONGEST}, "number")
        elif (row.company_id, number) in self.taken:
            yield Problem(
                "number_taken",
                N_("There is a contract with the number %(number)s already."),
                {"number": number},
                "number",
            )
        elif is_right:
            self.taken.add((row.company_id, number))
            row.number = number
