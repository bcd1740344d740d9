from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db import migrations

from hetong.audit import triggers

AT_ONCE = 1000


def fold(apps: Any, editor: Any) -> None:
    """One row of values an entry instead of one a field; what was blanked stays blank."""
    old, new = apps.get_model("audit", "EntryValue"), apps.get_model("audit", "EntryValues")
    rows = []
    for entry, values in groupby(old.objects.order_by("entry", "pk").iterator(), key=lambda one: one.entry):
        held = {one.field: None if one.is_blank else [one.salt, one.before, one.after] for one in values}
        rows.append(new(entry=entry, held=held))
        if len(rows) == AT_ONCE:
            new.objects.bulk_create(rows)
            rows = []
    new.objects.bulk_create(rows)
    triggers.remove(editor.connection, ("audit_entryvalue",))
    triggers.install(editor.connection, (triggers.VALUES,))


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_values_of_an_entry"),)
    operations = (migrations.RunPython(fold),)
