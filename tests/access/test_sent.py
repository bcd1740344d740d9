"""C2, C4: nothing that is sent or announced, and no name of an added field, tells what a role may not read.

The sweep of answers reads what pages and the API say; this one reads what goes out by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings

from hetong.accounts.models import CustomField, Role
from hetong.accounts.services.access import bump_policy
from hetong.audit.services import log_access
from hetong.contracts.services import edit_contracts, flag_contracts
from hetong.contracts.testing import make_contract
from hetong.jobs.announcing import names_of
from hetong.jobs.models import Outbox
from hetong.jobs.services import unpack_fact
from hetong.kernel import sealed
from hetong.kernel.actors import Actor
from hetong.kernel.nouns import noun
from hetong.notifications.models import Mail, Notice, Preference
from hetong.notifications.services.sending import PURPOSE
from hetong.notifications.services.telling import Word, put
from hetong.notifications.table import kinds

from .canaries import Aviary, Canary, seen, squeezed
from .samples import Samples
from .test_leaks import Reader, sung

pytestmark = pytest.mark.django_db
NEWS = (
    "contracts.contract",
    "billing.payment",
    "billing.invoice",
    "approvals.round",
    "discussions.comment",
    "parties.party",
)
"""What notices are about."""


@pytest.fixture
def aviary(cast: Any, tmp_path: Any, settings: Any) -> Aviary:
    settings.HETONG_HOME = tmp_path
    return Aviary(Samples(cast), cast)


def sent_to_ada(aviary: Aviary, cast: Any) -> Iterator[tuple[str, bytes]]:
    """Every kind of notice about every kind of record with every field there is; its mail; and what is then read of it."""
    ada = cast.users["ada"]
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    for kind in kinds():
        Preference.objects.update_or_create(user=ada, kind=kind.key, defaults={"in_app": True, "mail": "now"})
    page = aviary.rows["contracts.contract"]
    put(
        Word(
            kind, ada.pk, "owner", key, aviary.rows[key].pk, "contracts.contract", page.pk, f"{kind.key}:{key}", "", page.company_id,
            cast.users["ben"].pk, "Ben", {}, tuple(noun(key).register.all()), tuple(noun("contracts.contract").register.all()),
        )
        for kind in kinds() for key in NEWS
    )  # fmt: skip
    for notice in Notice.objects.filter(user=ada):
        yield f"notice {notice.kind} on {notice.noun}", repr((notice.values, notice.facts)).encode()
    for mail in Mail.objects.filter(user=ada.pk):
        content = sealed.unseal(mail.content, secrets=[django_settings.SECRET_KEY], purpose=PURPOSE)
        yield f"mail {mail.kind}", content.encode()
        yield f"mail {mail.kind}", f"{mail.subject} {mail.params}".encode()
    reader = Reader(cast, "ada", aviary)
    for address in ("/notices/", "/notices/?all=1", "/"):
        yield address, reader.ask(address).read_whole


def told(aviary: Aviary, cast: Any, canaries: Any) -> dict[Canary, str]:
    found: dict[Canary, str] = {}
    for place, content in sent_to_ada(aviary, cast):
        text, tight = seen(content), squeezed(content)
        found |= {one: place for one in canaries if one not in found and (one.sings_in(text) or one.sings_in(tight))}
    return found


def test_no_notice_and_no_mail_holds_a_hidden_value(aviary: Aviary, cast: Any) -> None:
    aviary.hide(())
    news = {c.key for c in told(aviary, cast, aviary.canaries)}
    assert len(news) > 20, sorted(news)
    for hidden in aviary.sets()[:3]:
        aviary.hide(hidden)
        leaks = [f"{c.noun}.{c.field} in {where}" for c, where in told(aviary, cast, hidden).items()]
        assert not leaks, "\n".join(sorted(leaks))


def test_what_open_pages_are_told_by_is_ids_and_kinds_only(aviary: Aviary, cast: Any) -> None:
    """The live stream announces names to whoever holds a ticket, so that no name may be a value of a field."""
    contract = make_contract(cast.ben, title="Announced")
    flag_contracts(cast.ben, [contract.pk], {"reason": "zq-late-xkv"})
    edit_contracts(cast.ben, [contract.pk], {"title": "zq-title-xkv"})
    facts = [unpack_fact(one) for row in Outbox.objects.all() for one in row.rows]
    assert facts
    names = {name for fact in facts for name in names_of([fact])}
    words = {c.stored for c in aviary.canaries if isinstance(c.stored, str)} | {"zq-late-xkv", "zq-title-xkv"}
    assert not [name for name in names if any(word in name for word in words)]


def test_a_file_on_a_person_holds_no_hidden_value(aviary: Aviary, cast: Any) -> None:
    """S3-31: who hands out personal data hands out what they may read themselves."""
    Role.objects.filter(pk=aviary.role.pk).update(permissions=[*aviary.role.permissions, "accounts.erase"])
    person = aviary.rows["parties.contact"]
    own = [c for c in aviary.canaries if c.noun == "parties.contact"]
    for hidden in ((), own):
        aviary.hide(hidden)
        reader = Reader(cast, "ada", aviary)
        whole = b""
        for address in (
            f"/settings/personal/parties.contact/{person.pk}/file/",
            f"/settings/personal/parties.contact/{person.pk}/page/",
            f"/api/v1/personal-data/parties.contact/{person.pk}",
        ):
            content = reader.ask(address).read_whole
            whole += content
            leaks = [c.field for c in hidden if c.sings_in(seen(content)) or c.sings_in(squeezed(content))]
            assert not leaks, f"{address}: {leaks}"
        if not hidden:
            assert all(c.sings_in(seen(whole)) or c.sings_in(squeezed(whole)) for c in own)
    log_access(Actor.system(), "view", "parties.contact", person.pk)


@pytest.mark.long  # reads every answer there is, twice
def test_the_name_of_a_hidden_added_field_stands_nowhere(aviary: Aviary, cast: Any) -> None:
    """What it is called tells what the house asks about; to who may not see the field, it does not exist."""
    fields = [one for key in aviary.rows for one in noun(key).register if one.kept]
    assert fields
    for row in CustomField.objects.all():
        row.labels = {code: f"zqlabel{row.key}xkv" for code, _name in django_settings.LANGUAGES}
        row.save()
    bump_policy(Actor.system(), ())
    named = [Canary(row.noun, row.name, None, (f"zqlabel{row.key}xkv",)) for row in CustomField.objects.all()]
    aviary.hide(())
    assert sung(Reader(cast, "ada", aviary), named)
    aviary.hide(named)
    leaks = sung(Reader(cast, "ada", aviary), named)
    assert not leaks, "\n".join(f"{c.noun}.{c.field} at {where}" for c, where in leaks.items())
