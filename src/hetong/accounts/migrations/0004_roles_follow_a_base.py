from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_company_on_paper"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="base",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="role",
            name="usual",
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name="role",
            name="is_changed",
            field=models.BooleanField(default=False),
        ),
    ]
