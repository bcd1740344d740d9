"""Each house rule finds what it is for, leaves what is right, and yields to a comment with a reason."""

from __future__ import annotations

import textwrap

import pytest

from tools.lint.__main__ import all_rules, check
from tools.lint.source import Source

SERVICE = "src/hetong/contracts/services.py"
VIEW = "src/hetong/contracts/views.py"
QUERY = "src/hetong/contracts/queries.py"
MODEL = "src/hetong/contracts/models.py"
PAGE = "src/hetong/contracts/templates/contracts/card.html"


def rules_broken(path: str, text: str) -> list[str]:
    """The names of the rules that a file breaks, each once."""
    return sorted({finding.rule for finding in check(Source(path, textwrap.dedent(text)))})


BROKEN = [
    ("sizes", MODEL, "x = 1\n" * 401),
    ("sizes", MODEL, "def f():\n" + "    x = 1\n" * 50),
    ("writes", VIEW, "contract.save(update_fields=['title'])"),
    ("writes", MODEL, "Contract.objects.create(title='x')"),
    ("writes", QUERY, "rows.update(title='x')"),
    ("writes", VIEW, "Contract.objects.bulk_create(rows)"),
    ("unmarked", PAGE, "<p>Nothing here</p>"),
    ("unmarked", PAGE, '<button aria-label="Close">{% icon "x" %}</button>'),
    ("unmarked", MODEL, "Field('name', 'Name', Kind.TEXT)"),
    ("unmarked", MODEL, 'class Wrong(Invalid):\n    """Bad."""\n\n    text = \'This is wrong.\''),
    ("unmarked", VIEW, "messages.success(request, 'Saved.')"),
    ("stage-writes", VIEW, "contract.stage = 'active'"),
    ("stage-writes", "src/hetong/contracts/tasks.py", "rows.update(stage='active')"),
    ("decimals", MODEL, "rate = models.DecimalField(max_digits=4)"),
    ("decimals", MODEL, "def f(x): return float(x)"),
    ("decimals", SERVICE, "total = net * 1.25"),
    ("clock", SERVICE, "today = date.today()"),
    ("clock", MODEL, "at = models.DateTimeField(default=timezone.now)"),
    ("clock", SERVICE, "now = datetime.datetime.now(UTC)"),
    ("clock", QUERY, "rows.filter(at__lt=Now())"),
    ("clock", QUERY, "day = timezone.localdate()"),
    ("visibility", VIEW, "rows = Contract.objects.filter(id=1)"),
    ("visibility", VIEW, "row = get_object_or_404(Contract, id=1)"),
    ("visibility", QUERY, "def find_x(actor):\n    '''Some.'''\n    return Contract.objects.all()"),
    ("journal", SERVICE, "def rename(actor, ids):\n    '''Some.'''\n    rows.update(title='x')"),
    (
        "contexts",
        VIEW,
        "def page(request):\n    rows = queries.find_contracts(request.actor)\n"
        "    return render(request, 'x', {'rows': rows})",
    ),
    ("documented", SERVICE, "def rename(actor, ids): ..."),
    ("documented", "src/hetong/contracts/__init__.py", ""),
    ("templates", PAGE, '<p style="color:red">'),
    ("templates", PAGE, "<style>p{}</style>"),
    ("templates", PAGE, "<script>alert(1)</script>"),
    ("templates", PAGE, '<a onclick="go()">'),
    ("templates", PAGE, '<a href="javascript:go()">'),
    ("templates", PAGE, '<script src="https://cdn.example/x.js"></script>'),
    ("templates", PAGE, "{{ note|safe }}"),
    ("borders", SERVICE, "from django.http import Http404"),
    ("borders", MODEL, "import ninja.schema"),
    ("borders", "src/hetong/kernel/errors.py", "from django.shortcuts import render"),
    ("borders", VIEW, "from hetong.parties.forms import PartyForm"),
    ("borders", SERVICE, "from hetong.parties import views"),
    ("syntax", MODEL, "def ("),
]

RIGHT = [
    (
        PAGE,
        '<b title="{% translate "Close" %}">{% blocktranslate %}All is well{% endblocktranslate %}</b><kbd>Esc</kbd>\n',
    ),
    (MODEL, "Field('name', _('Name'), Kind.TEXT, title='owner__name')"),
    ("src/hetong/contracts/tests/test_submit.py", "x = 1\n" * 500 + "contract.save()\ncontract.stage = 'x'"),
    ("src/hetong/contracts/migrations/0001_initial.py", "Contract.objects.create(title='x')"),
    ("src/hetong/contracts/testing.py", "def make():\n    return Contract.objects.create(title='x')"),
    (VIEW, "params.update({'a': 1})\ndigest.update(b'x')\nstorage.save(name, content)"),
    (VIEW, "rows = Contract.objects.visible_to(request.actor).filter(id=1)"),
    (
        VIEW,
        "def page(request):\n    rows = queries.find_contracts(request.actor)\n"
        "    return render(request, 'x', {'rows': CONTRACT.show(request.actor, rows)})",
    ),
    (
        SERVICE,
        "def rename(actor, ids):\n    '''Some.'''\n    _apply(actor, ids)\n"
        "def _apply(actor, ids):\n    rows.update(title='x')\n    record_many(actor, rows)",
    ),
    (MODEL, "shown = timezone.localtime(value, zone)"),
    ("src/hetong/jobs/worker.py", "Outbox.objects.filter(id=1).update(state='done')\nwait = tries * 1.5"),
    ("src/hetong/kernel/clock.py", "def now(): return datetime.now(UTC)"),
    ("tools/bench.py", "seconds = 1.5 * 2\nrows.save()"),
    (
        PAGE,
        '<script src="/static/app.js"></script><a href="https://example.com">x</a>{# style="x" #}<p data-style="x">',
    ),
    (
        VIEW,
        "from django.http import HttpResponse\nfrom hetong.contracts import forms\nfrom hetong.parties import queries",
    ),
    (PAGE, '<script type="application/json" id="x">{}</script>'),
]


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_a_rule_finds_what_it_is_for(rule: str, path: str, text: str) -> None:
    assert rule in rules_broken(path, text)


@pytest.mark.parametrize(("path", "text"), RIGHT)
def test_what_is_right_is_left_alone(path: str, text: str) -> None:
    assert rules_broken(path, text) == []


@pytest.mark.parametrize(
    "comment",
    [
        "total = net * 1.25  # allow: decimals — a share of the screen",
        "# allow: decimals — a share of the screen\ntotal = net * 1.25",
    ],
)
def test_a_comment_with_a_reason_allows_one_place(comment: str) -> None:
    assert rules_broken(SERVICE, comment) == []


def test_a_comment_far_away_or_without_a_reason_allows_nothing() -> None:
    assert rules_broken(SERVICE, "total = net * 1.25  # allow: decimals") == ["decimals"]
    assert rules_broken(SERVICE, "\n" * 20 + "# allow: decimals — a share of the screen\n\n\ntotal = net * 1.25") == [
        "decimals"
    ]


def test_every_rule_opens_with_its_reason_and_has_a_case_here() -> None:
    named = {rule for rule, _, _ in BROKEN}
    for rule in all_rules():
        assert rule.__doc__, rule
        assert len(rule.__doc__) > 80, rule
        assert rule.RULE in named, f"no case for {rule.RULE}"
