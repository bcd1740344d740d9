from __future__ import annotations

from typing import Any

from django.db import migrations

from hetong.search import engines


def forwards(apps: Any, editor: Any) -> None:
    engines.install(editor.connection)


def backwards(apps: Any, editor: Any) -> None:
    engines.remove(editor.connection)


class Migration(migrations.Migration):
    dependencies = (("search", "0001_initial"),)
    operations = (migrations.RunPython(forwards, backwards),)
