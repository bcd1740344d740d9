"""What people type becomes harmless HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.discussions.rendering import text_html

ALLOWED = re.compile(
    r"</?(?:p|ul|li|strong|em|code)>|<br>|</a>|</b>|<b class=\"mention\">"
    r"|<a href=\"https?://[^\"<>\s]*\" rel=\"noopener noreferrer nofollow\">"
)
PIECES = st.sampled_from(
    ["<", ">", '"', "'", "&", "*", "**", "`", "@Ada", "\n", "\n\n", "- ", "https://x.example/", "javascript:", "a", " "]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_input_makes_a_tag_of_its_own(text: str) -> None:
    left = ALLOWED.sub("", text_html(text, ["Ada"]))
    assert "<" not in left
    assert ">" not in left


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello\nthere", "<p>Hello<br>there</p>"),
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("**Stop** *now* `x<y`", "<p><strong>Stop</strong> <em>now</em> <code>x&lt;y</code></p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            "See https://x.example/a?b=1&c=2.",
            '<p>See <a href="https://x.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">https://x.example/a?b=1&amp;c=2</a>.</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("@Ada Berg ja", '<p><b class="mention">@Ada Berg</b> ja</p>'),
        ("@Adam", "<p>@Adam</p>"),
        ("", ""),
    ],
)
def test_marks_are_read_and_everything_else_stays_text(text: str, html: str) -> None:
    assert text_html(text, ["Ada", "Ada Berg"]) == html
