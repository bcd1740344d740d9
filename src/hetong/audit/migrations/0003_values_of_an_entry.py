from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0002_append_only"),)
    operations = (
        migrations.CreateModel(
            name="EntryValues",
            fields=[
                ("entry", models.UUIDField(primary_key=True, serialize=False)),
                ("held", models.JSONField()),
            ],
        ),
    )
