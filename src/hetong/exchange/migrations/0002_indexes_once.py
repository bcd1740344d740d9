import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0001_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropOwnIndex(
            model_name='import',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='mappingmemory',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='mend',
            name='of',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mends', to='exchange.import'),
        ),
        DropOwnIndex(
            model_name='rowerror',
            name='of',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='row_errors', to='exchange.import'),
        ),
    ]
