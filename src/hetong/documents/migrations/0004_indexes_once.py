import django.db.models.deletion
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_custom_fields'),
    ]

    operations = [
        DropOwnIndex(
            model_name='version',
            name='document',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='documents.document'),
        ),
    ]
