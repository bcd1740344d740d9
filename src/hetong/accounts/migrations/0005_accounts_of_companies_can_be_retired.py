from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_roles_follow_a_base"),
    ]

    operations = [
        migrations.AddField(
            model_name="bank",
            name="is_active",
            field=models.BooleanField(default=True),
        ),
    ]
