from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="series",
            name="first_number",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
