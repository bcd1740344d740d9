from __future__ import annotations

from typing import Any

from django.db import migrations

from hetong.audit import triggers

TABLES = ("audit_entry", "audit_entryvalue", "audit_link", "audit_accesslog")


def forwards(apps: Any, editor: Any) -> None:
    triggers.install(editor.connection, TABLES)


def backwards(apps: Any, editor: Any) -> None:
    triggers.remove(editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunPython(forwards, backwards),)
