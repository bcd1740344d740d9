from django.db import migrations

KINDS = (
    ("customer", {"en": "Customer", "zh-hans": "客户", "zh-hant": "客戶", "sv": "Kund"}),
    ("supplier", {"en": "Supplier", "zh-hans": "供应商", "zh-hant": "供應商", "sv": "Leverantör"}),
    ("partner", {"en": "Business partner", "zh-hans": "合作伙伴", "zh-hant": "合作夥伴", "sv": "Samarbetspartner"}),
    ("distributor", {"en": "Distributor", "zh-hans": "分销商", "zh-hant": "分銷商", "sv": "Distributör"}),
    ("manufacturer", {"en": "Manufacturer", "zh-hans": "制造商", "zh-hant": "製造商", "sv": "Tillverkare"}),
)


def add_shipped(apps, schema_editor):
    kind = apps.get_model("parties", "PartyKind")
    for position, (key, labels) in enumerate(KINDS, start=1):
        kind.objects.get_or_create(key=key, defaults={"labels": labels, "position": position * 10})


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunPython(add_shipped, migrations.RunPython.noop)]
