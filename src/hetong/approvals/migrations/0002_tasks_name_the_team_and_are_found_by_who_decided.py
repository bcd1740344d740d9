from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="team",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["decided_by", "round"], name="task_of_decider"),
        ),
    ]
