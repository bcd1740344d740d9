import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_indexes_once'),
        ('contracts', '0008_renewal_decisions'),
        ('parties', '0007_indexes_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropOwnIndex(
            model_name='contract',
            name='company',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company'),
        ),
        DropOwnIndex(
            model_name='contract',
            name='counterparty',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='parties.party'),
        ),
        DropOwnIndex(
            model_name='contract',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='contract',
            name='parent',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='contract',
            name='project',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='contracts.project'),
        ),
        DropOwnIndex(
            model_name='contract',
            name='status',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='contracts.status'),
        ),
        DropOwnIndex(
            model_name='contract',
            name='team',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team'),
        ),
        DropOwnIndex(
            model_name='contract',
            name='type',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='contracts.contracttype'),
        ),
        DropOwnIndex(
            model_name='contractparty',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='instalment',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='instalments', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='line',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='member',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='member',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='milestone',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='original',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='project',
            name='company',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company'),
        ),
        DropOwnIndex(
            model_name='project',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        DropOwnIndex(
            model_name='project',
            name='team',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team'),
        ),
        DropOwnIndex(
            model_name='relation',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='renewaldecision',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='renewal_decisions', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='stagemove',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='contracts.contract'),
        ),
        DropOwnIndex(
            model_name='waiver',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='waivers', to='contracts.contract'),
        ),
    ]
