"""A pytest plug-in, loaded before Django's settings are read: tests never touch the reader's data.

Every run has a home folder of its own, removed at its end. HETONG_DATABASE_URL still chooses the
engine; Django makes and drops a database with `test_` before its name.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest

_HOME_MARK = "HETONG_TEST_HOME"
_KEPT = ("HETONG_DATABASE_URL", "HETONG_CHROMIUM", "HETONG_CHROMIUM_LIBRARIES", "HETONG_SNAP", _HOME_MARK)


def _private_home() -> str:
    """The folder of this run; a worker process of the same run finds it in its environment."""
    if _HOME_MARK not in os.environ:
        os.environ[_HOME_MARK] = tempfile.mkdtemp(prefix="hetong-test-")
        # Not in a hook: a run whose settings cannot be read ends before any hook does.
        atexit.register(shutil.rmtree, os.environ[_HOME_MARK], ignore_errors=True)
    return os.environ[_HOME_MARK]


# At import, not in a hook: pytest-django reads the settings before the first hook of a conftest runs.
for _name in [name for name in os.environ if name.startswith("HETONG_") and name not in _KEPT]:
    del os.environ[_name]
os.environ["HETONG_HOME"] = _private_home()


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Cheap passwords and unhashed static names: neither is what the tests are about."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> Iterator[None]:
    """Tests that commit empty every table afterwards; the journal's triggers would refuse that."""
    from django.test import TransactionTestCase

    from hetong.audit.triggers import removed

    emptying = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # noqa: SLF001 - Django has no hook before it

    def without_triggers(case: TransactionTestCase) -> None:
        with removed():
            emptying(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield
