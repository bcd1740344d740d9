from __future__ import annotations

import pytest

from hetong.contracts.fields import words
from hetong.contracts.policy import NEEDS
from hetong.contracts.services.moving import HAPPENINGS
from hetong.contracts.services.shipped import STATUSES
from hetong.contracts.services.stages import SERVICES
from hetong.contracts.states import EDITABLE, LIFECYCLE, NEED_REASON, OFFERED, OVER, Stage
from hetong.contracts.views.journey import journey_of
from hetong.kernel.errors import IllegalMove
from hetong.ui.glyphs import glyph_of

TABLE = """
review draft > in_review
return in_review > draft
submit draft in_review > in_approval
withdraw in_approval > draft
approve in_approval > approved
reject in_approval > rejected
revise rejected approved > draft
send_to_sign approved > signing
recall signing > approved
mark_signed signing > signing
activate signing > active
adopt draft > active
adopt_closed draft > closed
suspend active > suspended
resume suspended > active
terminate active suspended closing > terminated
expire active > expired
supersede active expired > superseded
begin_closing active terminated expired > closing
close closing superseded > closed
archive closed rejected void > archived
unarchive archived > closed
void in_review in_approval approved signing > void
discard draft > discarded
restore discarded > draft
"""


def test_the_machine_is_the_table_of_the_design() -> None:
    written = {}
    for line in TABLE.strip().splitlines():
        left, _, target = line.partition(" > ")
        verb, *sources = left.split()
        written[verb] = (frozenset(sources), target)
    assert {
        verb: (frozenset(s.value for s in sources), target.value) for verb, (sources, target) in LIFECYCLE.moves.items()
    } == written


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_words_a_shape_a_status_and_a_bar(stage: Stage) -> None:
    from hetong.kernel.fields import Row
    from hetong.kernel.ids import new_id

    assert words.STAGES[stage]
    assert glyph_of(stage) is not None
    assert len(STATUSES[stage]) == 4
    row = Row(new_id(), "contracts.contract", 1, "", "", {}, {}, stage=stage)
    import datetime as dt

    bar = journey_of(row, [], dt.date(2026, 11, 21))
    now = [node for node in (*bar["before"], *bar["after"]) if node["state"] == "now"]
    assert len(now) + bool(bar["live"]) == 1, "one place on the bar is where the contract stands"


def test_every_stage_can_be_left_or_is_an_end() -> None:
    for stage in Stage:
        assert LIFECYCLE.verbs_from(stage) or stage in OVER
    assert not EDITABLE & OVER


def test_what_is_offered_has_words_and_a_permission() -> None:
    assert set(OFFERED) <= set(LIFECYCLE.moves) == set(NEEDS)
    assert set(LIFECYCLE.moves) == set(words.VERBS) == set(HAPPENINGS)
    assert set(SERVICES) == set(OFFERED)
    assert set(LIFECYCLE.moves) >= NEED_REASON


def test_a_step_that_is_not_in_the_table_names_those_that_are() -> None:
    with pytest.raises(IllegalMove) as refused:
        LIFECYCLE.after(Stage.ACTIVE, "review")
    assert refused.value.params["allowed"] == ("suspend", "terminate", "expire", "supersede", "begin_closing")
