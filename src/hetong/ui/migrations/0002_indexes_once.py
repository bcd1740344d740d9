import django.db.models.deletion
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('ui', '0001_initial'),
    ]

    operations = [
        DropOwnIndex(
            model_name='viewchoice',
            name='view',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='ui.savedview'),
        ),
    ]
