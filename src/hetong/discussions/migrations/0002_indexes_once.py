import django.db.models.deletion
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('discussions', '0001_initial'),
    ]

    operations = [
        DropOwnIndex(
            model_name='comment',
            name='thread',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='discussions.thread'),
        ),
        DropOwnIndex(
            model_name='mention',
            name='comment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='discussions.comment'),
        ),
    ]
