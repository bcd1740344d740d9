"""The shapes of stages and of the mark, as data.

A status is read by its shape first, then by its word, then by its colour. Administrators may rename a
status and pick another pigment; the shape always follows the stage. Drawn in a box of 14 by 14:
``f`` fills with the pigment, ``k`` is a stroke in the colour of the surface, anything else is outlined.
"""

from __future__ import annotations

from dataclasses import dataclass

FULL = '<path class="f" d="M.8.8h12.4v12.4H.8z"/>'
FRAME = '<path d="M1.5 1.5h11v11h-11z"/>'
DASHED = '<path d="M1.5 1.5h11v11h-11z" stroke-dasharray="2.2 1.47"/>'


@dataclass(frozen=True)
class Glyph:
    """One shape and the pigment it has when nobody chose another."""

    shape: str
    pigment: str


STAGES: dict[str, Glyph] = {
    "draft": Glyph(DASHED, "faint"),
    "review": Glyph(f'{FRAME}<path class="f" d="M4 8h6v1.5H4zM4 4.6h6v1.5H4z"/>', "indigo"),
    "approval": Glyph(f'{FRAME}<path class="f" d="M1.5 7h11v5.5h-11z"/>', "indigo"),
    "approved": Glyph(f'{FRAME}<path d="M4 7.2l2.2 2.2L10.2 5"/>', "indigo"),
    "signing": Glyph(
        '<path class="f" d="M.8.8h4.7v3.4h1.8v5.6H5.5v3.4H.8z"/>'
        '<path d="M8.6 1.5h3.9v11H8.6v-1.9h1.1V3.4H8.6z" stroke-width="1.3"/>',
        "seal",
    ),
    "active": Glyph(FULL, "malachite"),
    "closing": Glyph('<path class="f" d="M.8.8h12.4v6.4H7.2v6H.8z"/><path d="M9 12.5h3.5V9"/>', "ochre"),
    "closed": Glyph(f'{FULL}<path class="k" d="M4 7.2l2.2 2.2L10.2 5"/>', "ink"),
    "suspended": Glyph(f'{FRAME}<path d="M5.4 4.4v5.2M8.6 4.4v5.2"/>', "ochre"),
    "void": Glyph(f'{FRAME}<path d="M4.6 4.6l4.8 4.8M9.4 4.6L4.6 9.4"/>', "faint"),
    # a lid on a box; a draft struck once; no entry; the sheet cut through; time run out; one laid over another
    "archived": Glyph(
        '<path class="f" d="M.8.8h12.4v3.6H.8zM1.8 5.4h10.4v7.8H1.8z"/><path class="k" d="M5.2 7.8h3.6"/>', "ink"
    ),
    "discarded": Glyph(f'{DASHED}<path d="M4.6 9.4l4.8-4.8"/>', "faint"),
    "rejected": Glyph(f'{FRAME}<path d="M4 7h6"/>', "carmine"),
    "terminated": Glyph('<path class="f" d="M.8.8h9.6L.8 10.4zM13.2 3.6v9.6H3.6z"/>', "ink"),
    "expired": Glyph(f'{FRAME}<path d="M7 3.9v3.4l2.3 1.6"/>', "ochre"),
    "superseded": Glyph('<path d="M4.6 9.1H1.5V1.5h7.6v3.1"/><path class="f" d="M5.2 5.2h8v8h-8z"/>', "faint"),
}

# further states of other nouns borrow the shape that means the same
ALIASES = {
    "in_review": "review",
    "in_approval": "approval",
    "running": "active",
    "open": "active",
    "retired": "archived",
    "inactive": "suspended",
    "paused": "suspended",
    "proposed": "draft",
    "current": "active",
    "revoked": "void",
    "invited": "signing",
    "waiting": "review",
    "done": "closed",
    "failed": "rejected",
    "won": "closed",
    "lost": "void",
    "merged": "superseded",
}

PIGMENTS = frozenset({"ink", "seal", "indigo", "malachite", "ochre", "carmine", "faint"})

# the mark: a tenon half and a mortise half. Apart when not both have signed, joined when they have
TENON = "M2 2h9v6h3v8h-3v6H2z"
MORTISE = "M14 2h8v20h-8v-4h3V6h-3z"
TENON_JOINED = "M2 2h10v6h3v8h-3v6H2z"
MORTISE_JOINED = "M12 2h10v20H12v-6h3V8h-3z"


def glyph_of(stage: str) -> Glyph | None:
    """The glyph of a stage or state, or None where there is no shape for it."""
    return STAGES.get(ALIASES.get(stage, stage))
