from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_instalments_can_be_retired"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="contract",
            name="originals",
        ),
    ]
