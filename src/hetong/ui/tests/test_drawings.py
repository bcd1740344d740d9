"""What the templates draw with: icons that exist, shapes for every stage, no style attributes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template

import hetong
from hetong.ui import glyphs

ROOT = Path(hetong.__file__).parent
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))
ICONS = ROOT.parents[1] / "frontend" / "icons.txt"


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.skipif(not ICONS.exists(), reason="the list of icons is part of the source tree only")
def test_every_icon_that_is_named_is_in_the_sprite():
    listed = {line.strip() for line in ICONS.read_text().splitlines() if line and not line.startswith("#")}
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    named |= {name for path in ROOT.rglob("*.py") for name in re.findall(r'\bicon="([\w-]+)"', path.read_text())}
    assert named - listed == set()


def test_no_template_has_a_style_attribute_an_inline_script_or_a_handler():
    found = [
        f"{path.name}: {hit.group(0)}"
        for path in TEMPLATES
        for hit in re.finditer(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:", path.read_text())
    ]
    assert found == []


def test_comments_of_templates_stay_on_their_line():
    """A comment over several lines is printed into the page by Django."""
    assert [
        p.name for p in TEMPLATES if any(line.count("{#") != line.count("#}") for line in p.read_text().splitlines())
    ] == []


@pytest.mark.parametrize("stage", [*glyphs.STAGES, *glyphs.ALIASES])
def test_every_stage_has_a_shape_and_a_known_pigment(stage: str):
    found = glyphs.glyph_of(stage)
    assert found is not None
    assert found.pigment in glyphs.PIGMENTS


def test_shapes_differ_so_that_colour_is_never_the_only_sign():
    shapes = [glyph.shape for glyph in glyphs.STAGES.values()]
    assert len(set(shapes)) == len(shapes)


def test_the_mark_says_who_has_signed():
    assert 'aria-label="Both halves signed"' in draw("{% mark True True %}")
    assert 'aria-label="We have signed"' in draw("{% mark True False %}")
    assert 'aria-label="Nobody has signed"' in draw("{% mark %}")


def test_a_bar_never_leaves_its_scale():
    html = draw('{% bar "a" 80 "d" 60 %}')
    assert 'x="80.00%" width="20.00%"' in html


def test_once_key_is_fresh_each_time():
    keys = re.findall(r'value="([^"]+)"', draw("{% once_key %}{% once_key %}"))
    assert len(set(keys)) == 2
