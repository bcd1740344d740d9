"""The demo's contracts: titles, dates as days from the demo's day, lines. Every number in it is made up."""

from __future__ import annotations

from typing import NamedTuple


class LineFacts(NamedTuple):
    product: str
    quantity: str
    unit: str
    price: str
    tax: str
    discount: str = "0"


class ContractFacts(NamedTuple):
    title: str
    party: str
    type: str
    owner: str
    currency: str
    starts: int
    days: int
    term: str
    notice_months: int
    verbs: tuple[str, ...]
    lines: tuple[LineFacts, ...]
    company: str = "lindvall"
    abnormal: str = ""


L = LineFacts
FIX, AUTO = "fixed", "auto_renew"
R: tuple[str, ...] = ("review",)
CONTRACTS = (
    ContractFacts("Flow measuring systems with 36-month maintenance", "vasterhamn", "sales", "sales", "SEK", -138, 1095, AUTO, 3, R, (
        L("Ultrasonic flow meter DN200", "6", "pcs", "486000.00", "25"), L("Skid assembly and piping", "6", "pcs", "182000.00", "25", "5"),
        L("Commissioning on site", "12", "days", "14200.00", "25"), L("Maintenance, 36 months", "36", "months", "18500.00", "25")),
        abnormal="Two of six skids drift at low flow in the factory test."),
    ContractFacts("Clean-room monitoring, service level gold", "kallvik", "maintenance", "sales", "SEK", 41, 730, AUTO, 3, R, (
        L("Particle monitoring, 24 points", "24", "months", "98000.00", "25"), L("Validation report", "4", "pcs", "147000.00", "25"))),
    ContractFacts("Confidentiality agreement", "kitahama", "nda", "sales2", "JPY", 3, 1825, FIX, 0, R, ()),
    ContractFacts("超純水監測系統年度維護", "taipei", "maintenance", "agent", "TWD", -128, 365, AUTO, 2, R, (
        L("超純水監測系統維護", "12", "月", "250000.00", "5"),)),
    ContractFacts("Service agreement, Duisburg works", "rheinwerk", "maintenance", "sales2", "EUR", -188, 1095, AUTO, 3, R, (
        L("Preventive maintenance", "12", "quarters", "46600.00", "0"),)),
    ContractFacts("Supply of pressure sensors 2027", "rheinwerk", "framework", "sales2", "EUR", 41, 365, FIX, 1, (), (
        L("Pressure sensor PS-40", "850", "pcs", "375.00", "0"),)),
    ContractFacts("Retrofit of four metering stations", "havstein", "sales", "sales2", "NOK", -318, 210, FIX, 0, R, (
        L("Metering station retrofit", "4", "pcs", "371250.00", "25"),)),
    ContractFacts("Leak detection, year two", "brightwater", "services", "sales2", "GBP", -108, 365, AUTO, 1, R, (
        L("Acoustic survey", "148", "km", "800.00", "20"),)),
    ContractFacts("流量测量撬及三年维保", "dongyu", "sales", "executive", "CNY", -118, 1095, FIX, 3, R, (
        L("流量测量撬 DN150", "4", "台", "412000.00", "13"), L("安装调试服务", "20", "人天", "4800.00", "6"),
        L("三年维保", "36", "月", "12100.00", "6")),
        company="shanghai"),
    ContractFacts("Calibration and service, harbour laboratory", "sjofart", "services", "sales", "SEK", 24, 730, FIX, 2, (), (
        L("Calibration of reference meters", "48", "pcs", "19500.00", "25"), L("Service visits", "24", "visits", "13000.00", "25"))),
    ContractFacts("Heat meters, rental", "gavle", "maintenance", "sales", "SEK", 41, 1095, AUTO, 3, R, (
        L("Heat meter rental", "36", "months", "11444.44", "25"),)),
    ContractFacts("Underhållsavtal för fjärrvärmecentraler", "gavle", "maintenance", "sales", "SEK", 72, 1095, AUTO, 3, (), (
        L("Förebyggande underhåll, 42 centraler", "3", "år", "243333.33", "25"),)),
    ContractFacts("Calibration 2027–2029", "lumiere", "services", "sales2", "EUR", 55, 730, AUTO, 2, R, (
        L("Annual calibration", "2", "years", "46240.00", "0"),)),
    ContractFacts("Spare parts, framework call-off", "kitahama", "framework", "sales2", "JPY", 60, 365, FIX, 1, R, (
        L("Transducer kit TK-8", "60", "pcs", "70000", "10"),)),
    ContractFacts("Data processing agreement", "kallvik", "nda", "sales", "SEK", -48, 1460, AUTO, 3, R, ()),
    ContractFacts("Metering hall, phase 2", "stadsvatten", "sales", "sales", "SEK", -158, 600, FIX, 0, R, (
        L("Metering hall equipment", "1", "lot", "7315400.00", "25"), L("Project management", "400", "h", "2000.00", "25"))),
    ContractFacts("智慧水表采购与安装", "jinghe", "sales", "executive", "CNY", 20, 540, FIX, 1, R, (
        L("智慧水表 DN20", "12000", "只", "268.00", "13"), L("安装服务", "12000", "只", "35.00", "9")), company="shanghai"),
    ContractFacts("水务数据平台技术服务", "jinghe", "services", "executive", "CNY", 35, 365, AUTO, 2, (), (
        L("平台技术服务", "12", "月", "58000.00", "6"),), company="shanghai"),
    ContractFacts("District metering, Canton pilot", "harborline", "sales", "sales2", "USD", -98, 400, FIX, 0, R, (
        L("Insertion meter IM-3", "32", "pcs", "4150.00", "0"), L("Telemetry gateway", "32", "pcs", "890.00", "0"))),
    ContractFacts("Sensor components, yearly supply", "nordsensor", "purchase", "finance", "SEK", -88, 365, FIX, 3, R, (
        L("Piezo element PE-11", "6000", "pcs", "84.50", "25"),)),
    ContractFacts("传感器采购框架协议", "suzhou", "purchase", "finance", "CNY", 15, 730, AUTO, 3, (), (
        L("压力传感器芯片", "20000", "只", "31.50", "13"),), company="shanghai"),
    ContractFacts("Transport and customs, West", "fraktbolaget", "purchase", "finance", "SEK", -198, 730, AUTO, 1, R, (
        L("Scheduled freight", "24", "months", "38200.00", "25"),)),
    ContractFacts("Cooperation on accredited calibration", "kalibrering", "framework", "manager", "SEK", 20, 1095, AUTO, 6, R, ()),
    ContractFacts("Pilot, insertion meters", "brightwater", "sales", "sales2", "GBP", -388, 120, FIX, 0, (), (
        L("Insertion meter IM-3", "6", "pcs", "3210.00", "20"),)),
    ContractFacts("Loan of test bench", "sjofart", "services", "sales", "SEK", 7, 60, FIX, 0, ("review", "void"), (
        L("Test bench loan", "2", "months", "42000.00", "25"),)),
    ContractFacts("Rental of reference meters", "gavle", "maintenance", "sales", "SEK", -308, 365, FIX, 0, R, (
        L("Reference meter rental", "12", "months", "8900.00", "25"),)),
    ContractFacts("Service agreement, pumping stations", "stadsvatten", "maintenance", "sales", "SEK", -279, 365, AUTO, 2, R, (
        L("Inspection round, 14 stations", "4", "rounds", "96000.00", "25"),)),
    ContractFacts("压力变送器年度校准", "jinghe", "services", "executive", "CNY", -300, 365, AUTO, 1, R, (
        L("压力变送器校准", "180", "台", "420.00", "6"),), company="shanghai"),
    ContractFacts("Leakage monitoring, six districts", "stadsvatten", "services", "sales", "SEK", 30, 365, FIX, 0, R, (
        L("Logger rental, 60 points", "12", "months", "54000.00", "25"), L("Night flow report", "12", "pcs", "7500.00", "25"))),
)  # fmt: skip
