from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("audit", "0004_fold_values"),)
    operations = (migrations.DeleteModel(name="EntryValue"),)
