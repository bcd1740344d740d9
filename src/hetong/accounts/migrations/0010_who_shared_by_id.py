from __future__ import annotations

from typing import Any

from django.db import migrations, models


def fill_in(apps: Any, schema_editor: Any) -> None:
    """Who shared is the one person of that name; where several are called so, only who holds a role on the record ends it."""
    users: dict[str, list[Any]] = {}
    for pk, name in apps.get_model("accounts", "User").objects.values_list("pk", "name"):
        users.setdefault(name[:200], []).append(pk)
    shares = apps.get_model("accounts", "Share").objects
    for label in set(shares.values_list("by_label", flat=True)):
        if len(users.get(label, ())) == 1:
            shares.filter(by_label=label).update(by=users[label][0])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_added_fields_everywhere")]
    operations = [
        migrations.AddField("share", "by", models.UUIDField(null=True)),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
