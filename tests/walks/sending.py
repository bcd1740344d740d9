"""Forms as pages hold them, and the cases that drive them: who sends which form, filled how, and what comes of it later."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from hetong.accounts.testing import Cast

REFUSED, NOTHING, MORE = "refused", "nothing", "more"
"""From the page that stayed open: told that it cannot be; taken without any change; one more, as the person asks."""


@dataclass
class Form:
    """A form as a page holds it."""

    action: str
    values: dict[str, list[str]]


class Reader(HTMLParser):
    """Reads the forms of a page with what is filled in already, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._text = ""
        self._is_first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), {}))
        elif self.forms:
            self._control(tag, given)

    def _control(self, tag: str, given: Mapping[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "input" and kind != "file" and (kind not in ("checkbox", "radio") or "checked" in given):
            self._put(name, given.get("value", "on" if kind in ("checkbox", "radio") else ""))
        elif tag == "select":
            self._select, self._is_first = name, True
        elif tag == "textarea":
            self._text = name
            self._put(name, "")
        elif tag == "option" and self._select and (self._is_first or "selected" in given):
            self.forms[-1].values[self._select] = [given.get("value", "")]
            self._is_first = False

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1].values[self._text][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""

    def _put(self, name: str, value: str) -> None:
        if name:
            self.forms[-1].values.setdefault(name, []).append(value)


@dataclass(frozen=True)
class Case:
    """Who sends which form of which page, filled how, and what the page that stayed open does afterwards."""

    who: str
    page: str
    fill: Mapping[str, Any]
    again: str = REFUSED
    action: str = ""
    """Where the form is sent; empty: to its own page."""
    act: str = ""
    """Which of several forms of one page."""


CASES: dict[str, Callable[[Cast], Case]] = {}


def case(name: str) -> Callable[[Callable[[Cast], Case]], Callable[[Cast], Case]]:
    """Make a function the case of the address of that name."""

    def keep(make: Callable[[Cast], Case]) -> Callable[[Cast], Case]:
        CASES[name] = make
        return make

    return keep


def form_on(client: Client, given: Case) -> dict[str, list[str]]:
    """The values of the form of the case; it must carry a key of its own."""
    answer = client.get(given.page)
    assert answer.status_code == 200, (given.page, answer.status_code, answer.content.decode()[-800:])
    reader = Reader()
    reader.feed(answer.content.decode())
    own = [
        one for one in reader.forms if re.sub(r"[?#].*", "", one.action or given.page) == (given.action or given.page)
    ]
    keyed = [
        one.values
        for one in own
        if "once_key" in one.values and (not given.act or one.values.get("act") == [given.act])
    ]
    assert keyed, f"{given.page} has no form with a key: {[(one.action, list(one.values)) for one in reader.forms]}"
    return keyed[0]


def filled(values: Mapping[str, list[str]], fill: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sends; files are read anew each time."""
    return dict(values) | {name: value() if callable(value) else value for name, value in fill.items()}
