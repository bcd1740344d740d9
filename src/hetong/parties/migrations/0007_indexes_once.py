import django.db.models.deletion
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_indexes_once'),
        ('parties', '0006_merged_parties'),
    ]

    operations = [
        DropOwnIndex(
            model_name='contact',
            name='party',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='parties.party'),
        ),
        DropOwnIndex(
            model_name='partyterms',
            name='company',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='party_terms', to='accounts.company'),
        ),
        DropOwnIndex(
            model_name='partyterms',
            name='party',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='parties.party'),
        ),
    ]
