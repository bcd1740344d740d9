"""Fill the mail domains of parties that are there already, batch by batch."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from hetong.kernel.text import fold

BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    Party = apps.get_model("parties", "Party")
    rows = list(Party._default_manager.exclude(email="").only("pk", "email").order_by("pk"))
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        for row in some:
            row.mail_domain = fold(row.email.partition("@")[2])[:254]
        Party._default_manager.bulk_update(some, ["mail_domain"])


class Migration(migrations.Migration):
    dependencies = [("parties", "0008_added_fields_and_two_that_look_alike")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
