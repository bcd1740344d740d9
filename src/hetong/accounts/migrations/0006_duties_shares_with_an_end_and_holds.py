import django.db.models.deletion
from django.db import migrations, models

import hetong.kernel.rows


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_accounts_of_companies_can_be_retired"),
    ]

    operations = [
        migrations.CreateModel(
            name="Retention",
            fields=[
                ("id", hetong.kernel.rows.IdField(serialize=False)),
                ("noun", models.CharField(max_length=60, unique=True)),
                ("months", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="share",
            name="ends_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="DutyWaiver",
            fields=[
                ("id", hetong.kernel.rows.IdField(serialize=False)),
                ("pair", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=500)),
                ("by_label", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("ends_on", models.DateField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["pair", "company", "ends_on"], name="duty_waiver_pair")],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", hetong.kernel.rows.IdField(serialize=False)),
                ("noun", models.CharField(max_length=60)),
                ("record", models.UUIDField()),
                ("label", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(max_length=500)),
                ("by_label", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by_label", models.CharField(blank=True, max_length=200)),
                ("lift_reason", models.CharField(blank=True, max_length=500)),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)), fields=("noun", "record"), name="legal_hold_once"
                    )
                ],
            },
        ),
    ]
