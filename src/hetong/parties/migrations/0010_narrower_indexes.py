from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0009_fill_mail_domains'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['name_key', 'id', 'local_name_key', 'numbers_key'], name='party_by_name_words'),
        ),
        migrations.RemoveIndex(
            model_name='party',
            name='party_by_name',
        ),
        migrations.RemoveIndex(
            model_name='party',
            name='party_words',
        ),
        migrations.AddIndex(
            model_name='partyterms',
            index=models.Index(fields=['company', 'team', 'owner', 'party'], name='terms_by_team_owner'),
        ),
        migrations.AddIndex(
            model_name='partyterms',
            index=models.Index(fields=['number_key', 'party'], name='terms_number_words'),
        ),
        migrations.RemoveIndex(
            model_name='partyterms',
            name='terms_by_team',
        ),
        migrations.RemoveIndex(
            model_name='partyterms',
            name='terms_by_number',
        ),
    ]
