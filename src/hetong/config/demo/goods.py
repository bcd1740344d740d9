"""What the demo's many contracts are about, in four languages: things, work, and how contracts are titled."""

from __future__ import annotations

GOODS: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "sv": (
        ("Ultraljudsmätare DN100", "st", 18_400, 24),
        ("Värmemätare MULTI-40", "st", 6_250, 60),
        ("Trycksensor PS-40", "st", 4_100, 80),
        ("Mätskåp med fjärravläsning", "st", 32_800, 12),
        ("Doseringspump DP-7", "st", 21_900, 10),
        ("Magnetventil MV-25", "st", 2_380, 120),
    ),
    "zh-hans": (
        ("超声波流量计 DN100", "台", 17_600, 24),
        ("热量表 MULTI-40", "块", 5_900, 60),
        ("压力传感器 PS-40", "只", 3_900, 80),
        ("远程抄表柜", "套", 31_000, 12),
        ("计量泵 DP-7", "台", 20_500, 10),
        ("电磁阀 MV-25", "只", 2_200, 120),
    ),
    "en": (
        ("Ultrasonic meter DN100", "pcs", 19_800, 24),
        ("Heat meter MULTI-40", "pcs", 6_600, 60),
        ("Pressure sensor PS-40", "pcs", 4_300, 80),
        ("Telemetry cabinet", "pcs", 34_500, 12),
        ("Dosing pump DP-7", "pcs", 22_800, 10),
        ("Solenoid valve MV-25", "pcs", 2_500, 120),
    ),
    "zh-hant": (
        ("超音波流量計 DN100", "台", 18_900, 24),
        ("熱量表 MULTI-40", "個", 6_400, 60),
        ("壓力感測器 PS-40", "個", 4_200, 80),
    ),
}
"""Title, unit, price in SEK, and the most that one orders."""
WORK: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "sv": (
        ("Montage och idrifttagning", "dagar", 12_800, 20),
        ("Kalibrering på plats", "st", 8_900, 40),
        ("Förebyggande underhåll", "mån", 15_600, 36),
        ("Jourberedskap dygnet runt", "mån", 9_400, 36),
        ("Utbildning av driftpersonal", "dagar", 18_000, 4),
    ),
    "zh-hans": (
        ("安装调试", "人天", 7_200, 20),
        ("现场校准", "次", 6_100, 40),
        ("预防性维护", "月", 11_300, 36),
        ("全天候值守", "月", 8_000, 36),
        ("操作人员培训", "天", 9_500, 4),
    ),
    "en": (
        ("Installation and commissioning", "days", 13_900, 20),
        ("Calibration on site", "visits", 9_600, 40),
        ("Preventive maintenance", "months", 16_800, 36),
        ("Emergency service, day and night", "months", 10_200, 36),
        ("Operator training", "days", 19_500, 4),
    ),
    "zh-hant": (("安裝測試", "人天", 9_800, 20), ("現場校正", "次", 7_700, 40), ("預防性維護", "月", 13_900, 36)),
}
TITLES: dict[str, dict[str, tuple[str, ...]]] = {
    "sv": {
        "sales": ("{item} till {party}", "Leverans av {item}, {party}", "{item}, etapp {n}"),
        "maintenance": ("Serviceavtal {party}", "Underhållsavtal {party}, nivå {n}"),
        "services": ("{item} hos {party}", "Uppdrag {n}: {item}"),
        "purchase": ("Inköp av {item}", "{item} från {party}"),
        "framework": ("Ramavtal {party}", "Avropsavtal {item}"),
        "nda": ("Sekretessavtal {party}", "Ömsesidig sekretess, {party}"),
    },
    "zh-hans": {
        "sales": ("{party}{item}供货合同", "{item}采购安装合同（第{n}期）", "{item}销售合同"),
        "maintenance": ("{party}年度维保合同", "{party}维护服务合同"),
        "services": ("{item}技术服务合同", "{party}{item}服务"),
        "purchase": ("{item}采购合同", "{party}供货协议"),
        "framework": ("{party}框架协议", "{item}年度框架协议"),
        "nda": ("{party}保密协议", "项目保密协议（{n}）"),
    },
    "en": {
        "sales": ("{item} for {party}", "Supply of {item}, phase {n}", "{item}, {party}"),
        "maintenance": ("Service agreement, {party}", "Maintenance, level {n}, {party}"),
        "services": ("{item} for {party}", "Statement of work {n}: {item}"),
        "purchase": ("Purchase of {item}", "{item} from {party}"),
        "framework": ("Framework agreement, {party}", "Call-off agreement, {item}"),
        "nda": ("Confidentiality agreement, {party}", "Mutual NDA, {party}"),
    },
    "zh-hant": {
        "sales": ("{item}供貨合約", "{item}採購合約（第{n}期）"),
        "maintenance": ("年度維護合約（{n}）", "{party}維護合約"),
        "services": ("{item}服務合約",),
        "purchase": ("{item}採購合約",),
        "framework": ("{party}框架協議",),
        "nda": ("{party}保密協議",),
    },
}
STAGE_WORDS = {"sv": "Del", "zh-hans": "第{n}期", "en": "Part", "zh-hant": "第{n}期"}
