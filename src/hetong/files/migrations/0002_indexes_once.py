import django.db.models.deletion
from django.db import migrations, models

from hetong.kernel.migrating import DropOwnIndex


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
    ]

    operations = [
        DropOwnIndex(
            model_name='pageimage',
            name='blob',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='page_images', to='files.blob'),
        ),
    ]
