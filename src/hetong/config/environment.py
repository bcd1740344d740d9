"""Reads the settings of the process from its environment, each as the type it should be.

Every name may also be given as `<NAME>_FILE`, the path of a file that holds the value, so that a
secret needs to stand neither in a unit file nor in a container's description. A wrong value stops
the start and names the variable: a setting that is silently ignored is a fault found much later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


class SettingError(ImproperlyConfigured):
    """A setting has a value with which Hetong refuses to start; says which one, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True)
class Environment:
    """Typed access to the variables of one process."""

    variables: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        """The value of `name`, else what the file named by `<name>_FILE` holds, else `default`."""
        path = self.variables.get(f"{name}_FILE", "")
        value = self.variables.get(name, "")
        if path and value:
            raise SettingError(name, f"is set, and so is {name}_FILE; set one of the two")
        if path:
            return self._read(f"{name}_FILE", Path(path))
        return value.strip() or default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or a no; anything else stops the start."""
        value = self.text(name, "1" if default else "0").lower()
        if value in _YES:
            return True
        if value in _NO:
            return False
        raise SettingError(name, f"should be 1 or 0, and is {value!r}")

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number, not below `least`."""
        value = self.text(name, str(default))
        try:
            number = int(value)
        except ValueError:
            raise SettingError(name, f"should be a whole number, and is {value!r}") from None
        if number < least:
            raise SettingError(name, f"should be at least {least}, and is {number}")
        return number

    def words(self, name: str) -> list[str]:
        """A list written with commas or line breaks between its members."""
        return [word.strip() for word in self.text(name).replace("\n", ",").split(",") if word.strip()]

    def path(self, name: str, default: Path) -> Path:
        """A folder or file, made absolute from the folder in which the process was started."""
        return Path(self.variables.get(name, "").strip() or default).expanduser().absolute()

    def web_address(self, name: str, default: str = "") -> SplitResult | None:
        """An http or https address without a path, or nothing."""
        value = self.text(name, default).rstrip("/")
        if not value:
            return None
        address = urlsplit(value)
        if address.scheme not in {"http", "https"} or not address.hostname or address.path:
            raise SettingError(name, "should look like https://contracts.example.com")
        return address

    @staticmethod
    def _read(name: str, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(name, f"cannot be read ({error.strerror or error})") from error
