"""Setting papers: what people typed is data, what goes wrong is said, and no process is left behind (E2)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest

from hetong.files.typeset import press as press_module
from hetong.files.typeset.child import BOX
from hetong.files.typeset.press import ROOT, Child, Press, TypesetFailed, TypesetJob

PROBE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: "Probe", date: datetime(year: 2026, month: 1, day: 31))
#set text(font: ("Noto Sans SC", "Noto Sans TC"), size: 9pt)
#let n = data.at("spin", default: 0)
#let wide = range(data.at("wide", default: 0))
#for i in range(n) { let wide = range(10000); box(width: 0pt) }
#data.text
"""

HOSTILE = '#sys #import "x": * $a^2$ @ref <label> \\ \\u{1F600} `raw` *bold* _it_ // no /* no */ [x] {y} #(1+1) ~ -- "q" \'q\''


@pytest.fixture
def press(tmp_path):
    folder = tmp_path / "probe/templates/probe"
    folder.mkdir(parents=True)
    (folder / "page.typ").write_text(PROBE, encoding="utf-8")
    (folder / "broken.typ").write_text('#panic("no")', encoding="utf-8")
    (folder / "greedy.typ").write_text('#read("/../../../../../etc/passwd")', encoding="utf-8")
    one = Press(tmp_path)
    yield one
    one.close()


def page(text: str, **more) -> TypesetJob:
    return TypesetJob("probe/page", {"text": text, **more})


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(one.get_textpage().get_text_range() for one in document).replace("\r\n", "\n")


def flat(text: str) -> str:
    return "".join(text.split())


def is_alive(child: Child) -> bool:
    return child.process.poll() is None


def test_a_paper_is_pdf_a_with_its_fonts_inside(press):
    made = press.set(page("Faktura åäö 合同 臺灣"))
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in made
    assert made.count(b"/FontFile2") >= 1
    assert "Faktura åäö 合同 臺灣" in text_of(made)


def test_the_same_data_give_the_same_bytes(press):
    assert press.set(page("Once")) == press.set(page("Once"))


def test_what_people_type_is_data_and_never_code(press):
    assert flat(HOSTILE) in flat(text_of(press.set(page(HOSTILE))))


def test_a_character_without_a_glyph_becomes_a_visible_box(press):
    read = text_of(press.set(page("Grüße 😀🚀 한국 from ก")))
    assert flat(read) == f"Grüße{BOX * 4}from{BOX}"


def test_text_in_arabic_letters_is_set(press):
    assert BOX not in text_of(press.set(page("مرحبا")))


def test_characters_that_show_nothing_or_turn_text_around_go(press):
    assert text_of(press.set(page("a\x00b\x07c\u202ed\u2066e\u200bf\ufeffg"))).strip() == "abcdefg"


def test_half_of_a_pair_of_surrogates_does_no_harm(press):
    assert text_of(press.set(page("a\ud83db"))).strip() == "ab"


def test_a_text_of_hundreds_of_missing_characters_is_still_set(press):
    hangul = "".join(chr(0xAC00 + n * 7) for n in range(300))
    assert text_of(press.set(page(f"Name {hangul} AB"))).count(BOX) == 300


def test_a_template_that_fails_is_a_refusal_in_words_and_the_child_goes_on(press):
    with pytest.raises(TypesetFailed) as caught:
        press.set(TypesetJob("probe/broken", {}))
    assert "refused" in str(caught.value.params["why"])
    assert press.set(page("Still here")).startswith(b"%PDF")
    assert len(press._all) == 1


def test_a_template_reads_nothing_outside_its_root(press):
    with pytest.raises(TypesetFailed):
        press.set(TypesetJob("probe/greedy", {}))


@pytest.mark.parametrize("name", ["../x/y", "invoice", "billing/../x", "/etc/passwd", "billing/in-voice", ""])
def test_a_name_of_a_template_is_no_path(press, name):
    with pytest.raises(ValueError, match="no name of a template"):
        press.set(TypesetJob(name, {}))


def test_a_paper_that_takes_too_long_is_given_up_and_the_next_one_is_set(press):
    press.set(page("warm"))
    [child] = press._all
    with pytest.raises(TypesetFailed) as caught:
        press.set(page("x", spin=2_000_000), seconds=0.5)
    assert "too long" in str(caught.value.params["why"])
    assert not is_alive(child)
    assert press.set(page("Next")).startswith(b"%PDF")


def test_a_paper_beyond_the_memory_limit_breaks_the_child_alone(press):
    with pytest.raises(TypesetFailed) as caught:
        press.set(page("x", wide=60_000_000))
    assert "broke off" in str(caught.value.params["why"])
    assert press.set(page("Next")).startswith(b"%PDF")


def test_without_its_fonts_nothing_is_set(press, monkeypatch, tmp_path):
    monkeypatch.setattr(press_module, "FONTS", tmp_path)
    with pytest.raises(TypesetFailed) as caught:
        press.set(page("x"))
    assert "fonts" in str(caught.value.params["why"])


def test_a_child_killed_between_two_papers_is_replaced_unseen(press):
    press.set(page("first"))
    [child] = press._all
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    assert press.set(page("second")).startswith(b"%PDF")
    assert child not in press._all


def test_a_child_is_replaced_after_many_papers(press, monkeypatch):
    monkeypatch.setattr(press_module, "PAPERS_PER_CHILD", 2)
    for number in range(5):
        press.set(page(str(number)))
    [child] = press._all
    assert child.papers == 1


def test_many_threads_share_two_children(press):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: press.set(page(f"Number {n}")), range(40)))
    assert [text_of(one).strip() for one in made] == [f"Number {n}" for n in range(40)]
    assert len(press._all) <= 2


def test_closing_ends_every_child_also_one_at_work(press):
    press.set(page("warm"))
    refused = []

    def set_for_long():
        try:
            press.set(page("x", spin=2_000_000))
        except TypesetFailed as gone:
            refused.append(gone)

    thread = threading.Thread(target=set_for_long)
    thread.start()
    [child] = press._all
    while child in press._idle:
        time.sleep(0.01)
    press.close()
    thread.join(30)
    assert refused
    assert not is_alive(child)


LEAVING = """
import os, sys
from pathlib import Path
from hetong.files.typeset.press import Press, TypesetJob
press = Press(Path(sys.argv[1]))
press.set(TypesetJob("probe/page", {"text": "x"}))
print(next(iter(press._all)).process.pid, flush=True)
if sys.argv[2] == "killed":
    os._exit(9)
"""


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_no_child_outlives_the_process_that_started_it(press, tmp_path, how):
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", LEAVING, str(tmp_path), how],
        env={**os.environ, "PYTHONPATH": str(ROOT.parent)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    status = Path(f"/proc/{int(done.stdout)}/status")
    for _moment in range(6000):
        if not status.exists() or "State:\tZ" in status.read_text():
            break
        time.sleep(0.01)
    else:
        pytest.fail("the child is still there")


def test_a_forked_process_starts_children_of_its_own(press):
    press.set(page("parent"))
    [child] = press._all
    forked = os.fork()
    if not forked:
        press.forget()
        is_good = press.set(page("forked")).startswith(b"%PDF") and child not in press._all
        press.close()
        os._exit(0 if is_good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert press.set(page("parent again")).startswith(b"%PDF")
    assert is_alive(child)
