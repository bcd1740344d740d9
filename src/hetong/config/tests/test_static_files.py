"""What browsers load is gathered once, served whole, and cached for ever under its hashed name."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from hetong.config.static_files import StaticFilesMiddleware, gather_static_files

HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.fixture
def gathered(tmp_path: Path) -> Path:
    """A folder with one source file."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "app.css").write_text("p { color: red }\n" * 200, encoding="utf-8")
    return source


def served(path: str, **headers: str) -> HttpResponse:
    """What the middleware answers."""
    middleware = StaticFilesMiddleware(lambda request: HttpResponse("page"))
    return middleware(RequestFactory().get(path, headers=headers))


def test_files_are_gathered_when_they_change_and_only_then(tmp_path: Path, gathered: Path) -> None:
    with override_settings(
        DEBUG=False,
        STATIC_ROOT=tmp_path / "static",
        STATICFILES_DIRS=[gathered],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={"staticfiles": {"BACKEND": HASHED}},
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        assert gather_static_files() is True
        assert gather_static_files() is False
        hashed = next(path.name for path in (tmp_path / "static").glob("app.*.css"))
        whole = served(f"/static/{hashed}")
        assert whole.content == (gathered / "app.css").read_bytes()
        assert "immutable" in whole["Cache-Control"]
        assert whole["Content-Type"].startswith("text/css")
        assert served(f"/static/{hashed}", accept_encoding="gzip")["Content-Encoding"] == "gzip"
        part = served(f"/static/{hashed}", range="bytes=0-3")
        assert (part.status_code, part.content) == (206, b"p { ")
        assert served("/other").content == b"page"
        (gathered / "app.css").write_text("p { color: blue }\n", encoding="utf-8")
        assert gather_static_files() is True
