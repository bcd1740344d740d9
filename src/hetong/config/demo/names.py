"""What the demo's many parties and contracts are called, by country. Pieces; `crowd` puts them together."""

from __future__ import annotations

from typing import NamedTuple

Pair = tuple[str, str]
"""A word in the script of the country, and in Latin letters."""


class Country(NamedTuple):
    """How companies of a country are called and where they are."""

    code: str
    language: str
    currency: str
    tax: str
    scheme: str
    stem: str
    """The beginning of a registration number."""
    stem_length: int
    places: tuple[tuple[str, str, str], ...]
    """City, postal code, and the same city in Latin letters."""
    streets: tuple[str, ...]
    firsts: tuple[Pair, ...]
    trades: tuple[Pair, ...]
    form: str
    """How the parts are put together: {place}, {first}, {trade}."""
    latin: str
    """The same in Latin letters; empty where the first is Latin already."""
    family: tuple[str, ...]
    given: tuple[str, ...]
    name: str
    roles: tuple[str, ...]


def _same(*words: str) -> tuple[Pair, ...]:
    return tuple((word, word) for word in words)


SWEDEN = Country(
    "SE", "sv", "SEK", "25", "se_orgnr", "556", 9,
    (("Luleå", "972 38", ""), ("Umeå", "903 26", ""), ("Sundsvall", "852 30", ""), ("Falun", "791 71", ""), ("Örebro", "702 10", ""),
     ("Västerås", "722 11", ""), ("Södertälje", "151 36", ""), ("Norrköping", "602 21", ""), ("Linköping", "582 24", ""),
     ("Visby", "621 57", ""), ("Kalmar", "392 31", ""), ("Växjö", "352 30", ""), ("Halmstad", "302 43", ""), ("Borås", "503 30", ""),
     ("Trollhättan", "461 30", ""), ("Karlstad", "652 25", ""), ("Helsingborg", "252 25", ""), ("Ängelholm", "262 32", "")),
    ("Storgatan", "Industrigatan", "Hamnvägen", "Kungsgatan", "Verkstadsvägen", "Järnvägsgatan", "Bruksgatan", "Åvägen"),
    _same("Norrskog", "Bergslags", "Älvdal", "Mälar", "Vänern", "Hagström", "Öberg", "Lindeskär", "Sundby", "Kvarnfors", "Åkerlund",
          "Rönnvik", "Tallhed", "Söderås", "Björkudd", "Granbacka", "Fjällnära", "Klippan", "Strömsvik", "Ekeby"),
    _same("Energi", "Vatten", "Fjärrvärme", "Processteknik", "Skogsindustri", "Pappersbruk", "Mejeri", "Hamnbolag", "Fastigheter",
          "Verkstad", "Livsmedel", "Gruvteknik", "Kraftnät", "Logistik", "Laboratorier", "Bryggeri"),
    "{first} {trade} AB", "", ("Andersson", "Lindqvist", "Öberg", "Nyström", "Hellström", "Åkerman", "Sjögren", "Wallin", "Ek"),
    ("Anna", "Erik", "Maja", "Oskar", "Ingrid", "Lars", "Åsa", "Göran", "Elsa", "Nils"), "{given} {family}",
    ("Inköpschef", "Driftchef", "Teknisk chef", "Projektledare", "Ekonomichef"),
)  # fmt: skip
CHINA = Country(
    "CN", "zh-hans", "CNY", "13", "cn_uscc", "91", 17,
    (("上海", "200120", "Shanghai"), ("苏州", "215021", "Suzhou"), ("杭州", "310052", "Hangzhou"), ("宁波", "315040", "Ningbo"),
     ("南京", "210019", "Nanjing"), ("合肥", "230088", "Hefei"), ("武汉", "430074", "Wuhan"), ("成都", "610041", "Chengdu"),
     ("重庆", "401121", "Chongqing"), ("西安", "710075", "Xi’an"), ("青岛", "266071", "Qingdao"), ("大连", "116023", "Dalian"),
     ("天津", "300457", "Tianjin"), ("深圳", "518057", "Shenzhen"), ("广州", "510630", "Guangzhou"), ("厦门", "361008", "Xiamen")),
    ("人民路", "建设大道", "科技园路", "工业南路", "滨江路", "创新大道", "解放路", "新区大道"),
    (("恒源", "Hengyuan"), ("瑞泰", "Ruitai"), ("华清", "Huaqing"), ("东方", "Dongfang"), ("金桥", "Jinqiao"), ("明远", "Mingyuan"),
     ("安信", "Anxin"), ("天和", "Tianhe"), ("博雅", "Boya"), ("长江", "Changjiang"), ("盛达", "Shengda"), ("新元", "Xinyuan"),
     ("海川", "Haichuan"), ("同创", "Tongchuang"), ("中衡", "Zhongheng"), ("远洋", "Yuanyang")),
    (("水务", "Water"), ("热力", "Heat Supply"), ("能源科技", "Energy Technology"), ("化工", "Chemicals"), ("仪器仪表", "Instruments"),
     ("精密机械", "Precision Machinery"), ("环保工程", "Environmental Engineering"), ("生物医药", "Biopharma"), ("港务", "Port Services"),
     ("新材料", "New Materials"), ("自动化", "Automation"), ("物流", "Logistics")),
    "{place}{first}{trade}有限公司", "{latin_place} {latin_first} {latin_trade} Co., Ltd.",
    ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"),
    ("伟", "芳", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋"), "{family}{given}",
    ("采购经理", "设备部经理", "总经理", "项目经理", "财务主管"),
)  # fmt: skip
USA = Country(
    "US", "en", "USD", "0", "", "", 0,
    (("Portland, OR", "97204", ""), ("Tacoma, WA", "98402", ""), ("Duluth, MN", "55802", ""), ("Milwaukee, WI", "53202", ""),
     ("Toledo, OH", "43604", ""), ("Buffalo, NY", "14203", ""), ("Albany, NY", "12207", ""), ("Mobile, AL", "36602", ""),
     ("Galveston, TX", "77550", ""), ("Tulsa, OK", "74103", ""), ("Boise, ID", "83702", ""), ("Oakland, CA", "94607", "")),
    ("Harbor Street", "Mill Road", "Industrial Parkway", "Commerce Drive", "Front Street", "Railroad Avenue", "Canal Street"),
    _same("Cascade", "Lakeshore", "Granite State", "Three Rivers", "Blue Heron", "Prairie", "Old Mill", "Beacon", "Summit", "Red Oak",
          "Gulf Coast", "Ironwood", "Silver Creek", "Northgate", "Copper Canyon", "Bayview"),
    _same("Water District", "Power & Light", "Process Controls", "Brewing Company", "Paper Mills", "Pharmaceuticals", "Utilities",
          "Instrumentation", "Refining", "Dairy Cooperative", "Logistics", "Laboratories"),
    "{first} {trade}, Inc.", "", ("Carter", "Nguyen", "Johnson", "Ramirez", "O’Brien", "Walker", "Patel", "Cohen", "Brooks"),
    ("Denise", "Marcus", "Emily", "Jorge", "Hannah", "Tyrone", "Laura", "Kevin", "Priya"), "{given} {family}",
    ("Contracts officer", "Purchasing manager", "Plant engineer", "Accounts payable", "Project manager"),
)  # fmt: skip
JAPAN = Country(
    "JP", "en", "JPY", "10", "jp_corporate", "0104010", 12,
    (("東京都千代田区", "100-0005", "Tokyo"), ("横浜市西区", "220-0012", "Yokohama"), ("名古屋市中区", "460-0008", "Nagoya"),
     ("大阪市北区", "530-0001", "Osaka"), ("神戸市中央区", "650-0035", "Kobe"), ("広島市中区", "730-0011", "Hiroshima"),
     ("福岡市博多区", "812-0011", "Fukuoka"), ("札幌市中央区", "060-0001", "Sapporo"), ("仙台市青葉区", "980-0021", "Sendai"),
     ("金沢市本町", "920-0853", "Kanazawa")),
    ("本町1-2-3", "中央2-14-8", "港町3-5-1", "栄4-1-1", "新町5-9-6", "桜木町1-7", "大手町2-2-1"),
    (("北浜", "Kitahama"), ("山陽", "Sanyo"), ("高砂", "Takasago"), ("瀬戸", "Seto"), ("富岳", "Fugaku"), ("若葉", "Wakaba"),
     ("東海", "Tokai"), ("朝日丘", "Asahigaoka"), ("松風", "Matsukaze"), ("白川", "Shirakawa"), ("浪速", "Naniwa"), ("加賀", "Kaga")),
    (("精機", "Seiki"), ("計測", "Keisoku"), ("化学工業", "Kagaku"), ("製薬", "Seiyaku"), ("電機", "Denki"),
     ("水道サービス", "Suido Service"), ("製紙", "Seishi"),
     ("酒造", "Shuzo"), ("重工", "Juko"), ("物産", "Bussan"), ("海運", "Kaiun"), ("環境技研", "Kankyo Giken")),
    "{first}{trade}株式会社", "{latin_first} {latin_trade} K.K.",
    ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林"),
    ("健太", "美咲", "大輔", "陽子", "翔", "恵子", "拓也", "直美"), "{family} {given}",
    ("購買部長", "技術課長", "営業部", "経理部", "工場長"),
)  # fmt: skip

TAIWAN = CHINA._replace(
    code="TW", language="zh-hant", currency="TWD", tax="5", scheme="", stem="", stem_length=0,
    places=(("臺北市內湖區", "114", "Taipei"), ("新竹市東區", "300", "Hsinchu"), ("臺中市西屯區", "407", "Taichung"),
            ("高雄市前鎮區", "806", "Kaohsiung")),
    streets=("瑞光路", "科學園路", "工業區一路", "成功二路"),
    firsts=(("聯洋", "Lianyang"), ("宏碩", "Hongshuo"), ("景泰", "Jingtai"), ("立德", "Lide"), ("鼎新", "Dingxin"), ("國衡", "Guoheng")),
    trades=(("精密", "Precision"), ("半導體", "Semiconductor"), ("水處理", "Water Treatment"), ("儀器", "Instruments"), ("能源", "Energy")),
    form="{first}{trade}股份有限公司", latin="{latin_first} {latin_trade} Co., Ltd.", family=("林", "陳", "黃", "張", "吳", "許"),
    given=("雅婷", "志豪", "淑芬", "家銘", "怡君", "冠宇"), roles=("採購經理", "廠長", "財務"),
)  # fmt: skip
COUNTRIES = (SWEDEN, CHINA, USA, JAPAN, TAIWAN)
RATES = {"SEK": 1_000, "CNY": 740, "USD": 96, "JPY": 14_500, "TWD": 3_050}
"""What 1,000 SEK are in a currency, for prices that look right."""
