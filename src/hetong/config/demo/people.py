"""The demo's companies, teams and people (external names: one login per role, password ``hetong-demo``)."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "hetong-demo"  # noqa: S105 - printed on purpose; the demo says so on its sign-in page
DOMAIN = "demo.example"


class CompanyFacts(NamedTuple):
    key: str
    name: str
    local_name: str
    country: str
    currency: str
    zone: str
    language: str
    org_no: str
    tax_no: str
    address: str
    prefix: str


COMPANIES = (
    CompanyFacts(
        "lindvall", "Lindvall Mätteknik AB", "", "SE", "SEK", "Europe/Stockholm", "sv", "559312-4873", "SE559312487301",
        "Kvarngatan 14\n415 27 Göteborg\nSverige", "HT",
    ),
    CompanyFacts(
        "shanghai", "林德瓦尔计量科技（上海）有限公司", "Lindvall Metering (Shanghai) Co., Ltd.", "CN", "CNY", "Asia/Shanghai", "zh-hans",
        "91310115MA1K4B7X2N", "91310115MA1K4B7X2N", "上海市浦东新区张江路368号\n201203", "LS",
    ),
)  # fmt: skip


class TeamFacts(NamedTuple):
    key: str
    company: str
    name: str
    lead: str
    parent: str = ""


TEAMS = (
    TeamFacts("sales", "lindvall", "Försäljning", "manager"),
    TeamFacts("nordic", "lindvall", "Försäljning Norden", "manager", "sales"),
    TeamFacts("export", "lindvall", "Försäljning export", "executive"),
    TeamFacts("purchasing", "lindvall", "Inköp", "executive"),
    TeamFacts("delivery", "lindvall", "Leverans", "delivery"),
    TeamFacts("china", "shanghai", "销售部", "executive"),
)


class PersonFacts(NamedTuple):
    login: str
    name: str
    role: str
    company: str
    """Empty: all companies."""
    team: str
    language: str


PEOPLE = (
    PersonFacts("admin", "Alva Lindvall", "admin", "", "", "en"),
    PersonFacts("sales", "Elin Söderqvist", "sales_rep", "lindvall", "nordic", "en"),
    PersonFacts("sales2", "Liam Harper", "sales_rep", "lindvall", "export", "en"),
    PersonFacts("manager", "Marcus Hedlund", "sales_manager", "lindvall", "sales", "sv"),
    PersonFacts("legal", "Ingrid Ståhl", "legal", "lindvall", "", "sv"),
    PersonFacts("finance", "Petra Åkesson", "finance", "", "purchasing", "sv"),
    PersonFacts("delivery", "陈思远", "delivery", "", "delivery", "zh-hans"),
    PersonFacts("agent", "林怡君", "agent", "lindvall", "export", "zh-hant"),
    PersonFacts("executive", "周若琳", "executive", "", "", "zh-hans"),
    PersonFacts("auditor", "Oskar Brandt", "auditor", "", "", "en"),
)
COLLEAGUES = (
    PersonFacts("johanna.ek", "Johanna Ek", "sales_rep", "lindvall", "nordic", "sv"),
    PersonFacts("viktor.sandberg", "Viktor Sandberg", "sales_rep", "lindvall", "nordic", "sv"),
    PersonFacts("amira.haddad", "Amira Haddad", "sales_rep", "lindvall", "nordic", "sv"),
    PersonFacts("noah.bennett", "Noah Bennett", "sales_rep", "lindvall", "export", "en"),
    PersonFacts("sato.misaki", "佐藤 美咲", "sales_rep", "lindvall", "export", "en"),
    PersonFacts("wang.lei", "王磊", "sales_rep", "shanghai", "china", "zh-hans"),
    PersonFacts("liu.yang", "刘洋", "sales_rep", "shanghai", "china", "zh-hans"),
    PersonFacts("zhao.min", "赵敏", "sales_rep", "shanghai", "china", "zh-hans"),
    PersonFacts("sofia.lindgren", "Sofia Lindgren", "sales_rep", "lindvall", "purchasing", "sv"),
    PersonFacts("chen.jie", "陈洁", "sales_rep", "shanghai", "china", "zh-hans"),
)
"""Who works in the larger demos besides: names in the lists, without a password."""
PORTAL = ("customer", "Karin Ekdahl", "sv")
