"""How the demo's contracts fared: when they were drafted, how far they came, their stages and what was paid."""

from __future__ import annotations

from typing import NamedTuple

PAID, REPORTED, PARTLY, INVOICED, HALF, AHEAD = "paid", "reported", "partly", "invoiced", "half", ""
"""What became of a stage: paid; paid, but not confirmed by finance; paid in part; invoiced; half of it invoiced; nothing yet."""
SIGNING = "signing"


class StageFacts(NamedTuple):
    title: str
    share: str
    """"30%", or "rest"."""
    when: int | str
    """Days after the contract's start, "signing", or the milestone it waits for."""
    fate: str = AHEAD
    after: int = 0
    """Days after the milestone."""
    retention: bool = False


class MilestoneFacts(NamedTuple):
    title: str
    planned: int
    """Days after the contract's start."""
    reached: int | None = None


class Life(NamedTuple):
    """``begun``: days before the demo's day; ``until``: the stage it has reached; ``ended``: days before the demo's day."""

    begun: int
    until: str
    stages: tuple[StageFacts, ...] = ()
    milestones: tuple[MilestoneFacts, ...] = ()
    ended: int = 0
    why: str = ""
    lapses: str = ""
    """Why its end is let come: decided a hundred days before it."""


S, M = StageFacts, MilestoneFacts
PERCENT_OF = {2: ("50%", "rest"), 4: ("25%", "25%", "25%", "rest")}


def every(days: int, fates: tuple[str, ...], name: str = "Part") -> tuple[StageFacts, ...]:
    """Equal stages, the first at the start, then one every so many days."""
    shares = PERCENT_OF[len(fates)]
    return tuple(
        S(f"{name} {n + 1}", share, n * days, fate) for n, (share, fate) in enumerate(zip(shares, fates, strict=True))
    )


LIVES: dict[str, Life] = {
    "Flow measuring systems with 36-month maintenance": Life(150, "active", (
        S("At signing", "30%", SIGNING, PAID), S("Delivered to site", "40%", "Delivered to site", PARTLY, 10),
        S("Commissioned", "20%", "Commissioned"), S("Warranty year over", "rest", "Commissioned", after=365, retention=True)), (
        M("Delivered to site", 80, 84), M("Commissioned", 150))),
    "Clean-room monitoring, service level gold": Life(6, "in_approval", every(180, (AHEAD,) * 4, "Half-year")),
    "Confidentiality agreement": Life(14, "signing"),
    "超純水監測系統年度維護": Life(140, "active", every(60, (PAID, INVOICED, AHEAD, AHEAD), "分期")),
    "Service agreement, Duisburg works": Life(200, "active", every(90, (PAID, PAID, AHEAD, AHEAD), "Year part")),
    "Retrofit of four metering stations": Life(330, "closed", (
        S("At signing", "40%", SIGNING, PAID), S("Taken over", "rest", "Taken over", PAID, 14)), (M("Taken over", 180, 171),), 24),
    "Leak detection, year two": Life(120, "active", every(60, (PAID, REPORTED, AHEAD, AHEAD), "Survey")),
    "流量测量撬及三年维保": Life(130, "active", (
        S("预付款", "30%", SIGNING, PAID), S("到货款", "50%", "到货验收", INVOICED, 7),
        S("质保期满", "rest", "到货验收", AHEAD, 365, True)),
        (M("到货验收", 60, 62),)),
    "Underhållsavtal för fjärrvärmecentraler": Life(12, "rejected", (S("Årsvis", "rest", 30),),
        why="Priset saknar indexklausul; lägg till den och skicka igen."),
    "Calibration 2027–2029": Life(9, "approved", every(365, (AHEAD,) * 2, "Year")),
    "Data processing agreement": Life(60, "active"),
    "Metering hall, phase 2": Life(170, "active", (
        S("Order", "20%", SIGNING, PAID), S("Equipment on site", "30%", "Equipment on site", REPORTED, 10),
        S("Running", "40%", "Running", AHEAD, 30), S("Warranty year over", "rest", "Running", AHEAD, 365, True)), (
        M("Equipment on site", 100, 104), M("Running", 260))),
    "智慧水表采购与安装": Life(4, "in_approval", (
        S("预付款", "30%", SIGNING), S("安装完成", "60%", "安装完成"), S("质保期满", "rest", "安装完成", AHEAD, 365, True)),
        (M("安装完成", 300),)),
    "District metering, Canton pilot": Life(110, "active", (
        S("Order", "30%", SIGNING, INVOICED), S("Delivery", "60%", "Delivered", AHEAD, 15), S("Final report", "rest", 380)), (
        M("Delivered", 120),)),
    "Sensor components, yearly supply": Life(100, "active", every(40, (PAID, INVOICED, AHEAD, AHEAD), "Delivery")),
    "Transport and customs, West": Life(210, "terminated", every(60, (PAID, PAID, INVOICED, AHEAD), "Quarter"), ended=30,
        why="The carrier closes its terminal in Göteborg."),
    "Rental of reference meters": Life(325, "active", every(180, (PAID, PAID), "Half-year"), lapses="The customer buys meters of its own."),
    "Service agreement, pumping stations": Life(292, "active", every(90, (PAID, PAID, PAID, PAID), "Round")),
    "压力变送器年度校准": Life(315, "active", every(180, (PAID, PAID), "分期")),
    "Leakage monitoring, six districts": Life(4, "in_approval", every(90, (AHEAD,) * 4, "Quarter")),
    "Pilot, insertion meters": Life(400, "archived", (
        S("Order", "50%", SIGNING, PAID), S("Report", "rest", "Report", PAID)), (M("Report", 110, 104),), 210),
}  # fmt: skip
"""Contracts that are not named here stay as their facts say: drafts, in review, discarded or void."""
