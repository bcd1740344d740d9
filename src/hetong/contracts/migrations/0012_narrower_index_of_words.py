from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0011_qualifications_asked_by_types'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['id', 'number_key', 'title_key', 'reference_key'], name='contract_own_words'),
        ),
        migrations.RemoveIndex(
            model_name='contract',
            name='contract_words',
        ),
    ]
