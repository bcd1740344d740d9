"""The shipped kind of certificates holds licences too, and proves a qualification; a name that a house chose stays."""

from typing import Any

from django.db import migrations

BEFORE = {"en": "Certificate", "zh-hans": "证书", "zh-hant": "證書", "sv": "Intyg"}
AFTER = {"en": "Licence or certificate", "zh-hans": "资质证照", "zh-hant": "資格證照", "sv": "Tillstånd eller intyg"}


def widen(apps: Any, schema_editor: Any) -> None:
    for kind in apps.get_model("documents", "DocumentKind").objects.filter(key="certificate"):
        kind.is_qualification = True
        if kind.labels == BEFORE:
            kind.labels = AFTER
        kind.save(update_fields=["is_qualification", "labels"])


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_validity'),
    ]

    operations = [
        migrations.RunPython(widen, migrations.RunPython.noop),
    ]
