"""The demo's counterparties. Registration numbers are made up; their check digits are right."""

from __future__ import annotations

from typing import NamedTuple


class PartyFacts(NamedTuple):
    key: str
    name: str
    local_name: str
    kinds: tuple[str, ...]
    country: str
    language: str
    scheme: str
    stem: str
    """The registration number without its check digit, which is computed."""
    street: str
    postal_code: str
    city: str
    owner: str
    contacts: tuple[tuple[str, str, str], ...]
    """Name, role and mail of each; the first is the primary one."""
    payment_days: int = 30


INDUSTRY = {
    "vasterhamn": "Energi", "kallvik": "Läkemedel", "gavle": "Fjärrvärme", "stadsvatten": "Vatten och avlopp", "sjofart": "Provning",
    "rheinwerk": "Pumps", "havstein": "Aquaculture", "brightwater": "Water utility", "lumiere": "Hydraulics", "kitahama": "精密機械",
    "taipei": "精密儀器", "dongyu": "能源", "jinghe": "水务", "harborline": "Water utility", "nordsensor": "Elektronik",
    "suzhou": "传感器", "fraktbolaget": "Transport", "kalibrering": "Kalibrering",
}  # fmt: skip
C, S, P = ("customer",), ("supplier",), ("partner",)
PARTIES = (
    PartyFacts("vasterhamn", "Västerhamnens Energi AB", "", C, "SE", "sv", "se_orgnr", "556823415",
               "Hamngatan 3", "451 40", "Uddevalla", "sales",
               (("Karin Ekdahl", "VD", "customer@demo.example"),
                ("Johan Bergström", "Driftchef", "johan.bergstrom@vasterhamn.example"),
                ("Annelie Norström", "Ekonomi", "faktura@vasterhamn.example"))),
    PartyFacts("kallvik", "Kallvik Pharma AB", "", C, "SE", "sv", "se_orgnr", "559104772",
               "Laboratoriegatan 8", "753 23", "Uppsala", "sales",
               (("Sofia Lund", "Inköpschef", "sofia.lund@kallvik.example"),)),
    PartyFacts("gavle", "Gävle Värmeverk AB", "", C, "SE", "sv", "se_orgnr", "556144937",
               "Verkstadsgatan 21", "802 57", "Gävle", "sales",
               (("Per Åström", "Teknisk chef", "per.astrom@gavlevarme.example"),)),
    PartyFacts("stadsvatten", "Stadsvatten Öresund", "", C, "SE", "sv", "se_orgnr", "556380210",
               "Vattenverksvägen 5", "212 21", "Malmö", "sales",
               (("Maja Nyberg", "Projektledare", "maja.nyberg@stadsvatten.example"),), 60),
    PartyFacts("sjofart", "Sjöfartens Provningslaboratorium AB", "", C, "SE", "sv", "se_orgnr", "556702988",
               "Varvsgatan 40", "417 52", "Göteborg", "sales",
               (("Nils Ek", "Laboratoriechef", "nils.ek@sjoprov.example"),)),
    PartyFacts("rheinwerk", "Rheinwerk Pumpen GmbH", "", (*C, *P), "DE", "en", "", "",
               "Hafenstraße 77", "47119", "Duisburg", "sales2",
               (("Sabine Vogt", "Einkauf", "s.vogt@rheinwerk.example"),)),
    PartyFacts("havstein", "Havstein Akvakultur AS", "", C, "NO", "en", "", "",
               "Strandgata 12", "7900", "Rørvik", "sales2",
               (("Ingeborg Dahl", "Innkjøp", "ingeborg@havstein.example"),)),
    PartyFacts("brightwater", "Brightwater Utilities plc", "", C, "GB", "en", "", "",
               "41 Mill Lane", "BS1 6QP", "Bristol", "sales2",
               (("Helen Marsh", "Commercial manager", "helen.marsh@brightwater.example"),)),
    PartyFacts("lumiere", "Lumière Hydraulique SAS", "", C, "FR", "en", "", "",
               "18 rue des Turbines", "38000", "Grenoble", "sales2",
               (("Claire Morel", "Achats", "c.morel@lumiere-hydro.example"),)),
    PartyFacts("kitahama", "Kitahama Seiki K.K.", "北浜精機株式会社", C, "JP", "en", "jp_corporate", "010401089234",
               "大阪市中央区北浜2-4-1", "541-0041", "大阪", "sales2",
               (("森 健太", "購買部", "mori@kitahama.example"),)),
    PartyFacts("taipei", "臺北精密儀器股份有限公司", "Taipei Precision Instruments", C, "TW", "zh-hant", "", "",
               "內湖區瑞光路408號", "114", "臺北市", "agent",
               (("林雅婷", "採購經理", "lin@tpi.example"),)),
    PartyFacts("dongyu", "东屿港能源科技有限公司", "Dongyu Harbour Energy Technology", C, "CN", "zh-hans", "cn_uscc", "91330206MA2H5Q8X7",
               "港口路188号", "315800", "宁波", "executive",
               (("周建国", "设备部经理", "zhou@dongyu.example"),)),
    PartyFacts("jinghe", "京禾水务集团有限公司", "", C, "CN", "zh-hans", "cn_uscc", "91110105MA01B3K68",
               "朝阳区建国路93号", "100022", "北京", "executive",
               (("吴敏", "采购总监", "wumin@jinghe.example"),)),
    PartyFacts("harborline", "Harborline Water Authority", "", C, "US", "en", "", "",
               "2200 Pier Avenue", "21224", "Baltimore, MD", "sales2",
               (("Denise Carter", "Contracts officer", "dcarter@harborline.example"),), 45),
    PartyFacts("nordsensor", "Nordsensor Komponent AB", "", S, "SE", "sv", "se_orgnr", "556655120",
               "Industrivägen 9", "556 52", "Jönköping", "finance",
               (("Lars Holm", "Säljare", "lars.holm@nordsensor.example"),)),
    PartyFacts("suzhou", "苏州恒测传感器有限公司", "Suzhou Hengce Sensors", S, "CN", "zh-hans", "cn_uscc", "91320505MA1W7D4K5",
               "工业园区星湖街218号", "215123", "苏州", "finance",
               (("陆涛", "销售经理", "lutao@hengce.example"),)),
    PartyFacts("fraktbolaget", "Fraktbolaget Väst AB", "", S, "SE", "sv", "se_orgnr", "556911304",
               "Terminalgatan 2", "418 79", "Göteborg", "finance",
               (("Eva Sandin", "Kundansvarig", "eva.sandin@fraktvast.example"),), 20),
    PartyFacts("kalibrering", "Svensk Kalibrering & Provning AB", "", P, "SE", "sv", "se_orgnr", "556078443",
               "Mätargatan 6", "504 64", "Borås", "manager",
               (("Anders Wik", "VD", "anders.wik@svkalib.example"),)),
)  # fmt: skip
