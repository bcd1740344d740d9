import django.db.models.deletion
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_custom_fields'),
    ]

    operations = [
        DropOwnIndex(
            model_name='fieldrule',
            name='role',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='accounts.role'),
        ),
        DropOwnIndex(
            model_name='series',
            name='company',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='series', to='accounts.company'),
        ),
        DropOwnIndex(
            model_name='team',
            name='company',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='accounts.company'),
        ),
    ]
