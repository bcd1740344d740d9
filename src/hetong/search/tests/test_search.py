"""S0-02, S0-04, S2-02, trust C2, C4: what is found, by whom, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import FieldRule, Grant, PolicyState, Role
from hetong.accounts.services import make_token
from hetong.accounts.testing import forget_access
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line
from hetong.documents.services import add_version
from hetong.documents.testing import make_document, make_upload
from hetong.files.models import DerivedText
from hetong.jobs.testing import drain_outbox
from hetong.kernel.actors import Actor, Level
from hetong.kernel.testing import without_ids
from hetong.parties.testing import make_address, make_contact, make_party
from hetong.search.asking import read_question
from hetong.search.queries import find_groups, find_recent, search

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tmp_path: Any, settings: Any) -> None:
    settings.HETONG_HOME = tmp_path


def titles(actor: Actor, text: str, *nouns: str) -> list[str]:
    return [hit.title for hit in search(actor, text, nouns or None)]


def contracts(actor: Actor, text: str) -> list[str]:
    return titles(actor, text, "contracts.contract")


def write_text(document: Any, text: str) -> None:
    """What the worker reads out of the file."""
    from hetong.files.services import make_text

    made = make_text(document.current.blob)
    DerivedText.objects.filter(pk=made.pk).update(text=text, state="done")


def hide(role: str, noun: str, field: str) -> None:
    FieldRule.objects.create(role=Role.objects.get(key=role), noun=noun, field=field, level=Level.HIDDEN)
    state = PolicyState.objects.get()
    state.version += 1
    state.save()
    forget_access()


def client_of(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


CORPUS: dict[str, list[str]] = {
    "flow": ["Flow metering Västerhamn"],
    "METERING flow": ["Flow metering Västerhamn"],
    "metering vast": ["Flow metering Västerhamn"],
    "västerh": ["Flow metering Västerhamn"],
    "avtal": ["Underhållsavtal värme"],
    "underhall": ["Underhållsavtal värme"],
    "维护": ["北京維護服務合同", "计量设备维护"],
    "維護": ["北京維護服務合同", "计量设备维护"],
    "维护服务": ["北京維護服務合同"],
    "服務合同": ["北京維護服務合同"],
    "同": ["北京維護服務合同"],
    "护服合": [],
    "計量": ["计量设备维护"],
    "ﬂow": ["Flow metering Västerhamn"],
    '"flow metering"': ["Flow metering Västerhamn"],
    '"metering flow"': [],
    '"flow meter"': [],
    "维护 -北京": ["计量设备维护"],
    '维护 -"服务合同"': ["计量设备维护"],
    "-维护": [],
    "po-88/12": ["Underhållsavtal värme"],
    "PO8812": ["Underhållsavtal värme"],
    "8812": ["Underhållsavtal värme"],
    "acme": ["Flow metering Västerhamn"],
    "acme -flow": [],
    "flow zzz": [],
    "قرارداد": ["عقد صيانة قرارداد"],
    "oder AND flow": [],
}


@pytest.fixture
def corpus(cast: Any) -> Any:
    acme, other = make_party(cast.ada, name="Nordic Acme AB"), make_party(cast.ada, name="Rheinwerk GmbH")
    for title, party, reference in (
        ("Flow metering Västerhamn", acme, ""), ("Underhållsavtal värme", other, "PO-8812"),
        ("北京維護服務合同", other, ""), ("计量设备维护", other, ""), ("عقد صيانة قرارداد", other, ""),
    ):  # fmt: skip
        make_contract(cast.ada, title=title, counterparty=party.pk, reference=reference)
    drain_outbox()
    return cast


def test_one_corpus_is_found_alike_on_every_engine(corpus: Any) -> None:
    found = {text: contracts(corpus.ada, text) for text in CORPUS}
    assert {text: sorted(hits) for text, hits in found.items()} == {text: sorted(hits) for text, hits in CORPUS.items()}


HOSTILE = (
    '"', "'", "''; DROP TABLE search_searchrow; --", "*", "a*", "^flow", "NEAR(flow metering, 2)", "flow OR", "AND", "NOT flow",
    "tokens:flow", "flow & !metering | (", "flow <-> metering", "flow:*", "%", "_", "flo_", "\\", "\x00", "flow\x00", "😀",
    "🇸🇪 flow", "\u202eflow", "مرحبا", "\ud7ff", "x" * 10_000, "flow " * 2_000, "- - -", '"unclosed', "(((((",
    "{flow metering}", "+flow", "flow\n\tmetering", "ⅷ", "ﷺ", "%s %(a)s", "%%",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_hostile_words_are_words(corpus: Any, text: str) -> None:
    search(corpus.ada, text)
    client = client_of(corpus, "ada")
    for address in ("/search/", "/search/palette"):
        assert client.get(address, {"q": text}).status_code == 200


def test_signs_of_the_engines_languages_change_nothing(corpus: Any) -> None:
    assert contracts(corpus.ada, "flow:* & (metering)") == ["Flow metering Västerhamn"]
    assert contracts(corpus.ada, "flow*") == ["Flow metering Västerhamn"]
    assert contracts(corpus.ada, "flo_") == ["Flow metering Västerhamn"]


def test_nobody_finds_what_they_may_not_see(corpus: Any) -> None:
    """Trust C1: also counts, and also a word that only somebody else's record holds."""
    make_contract(corpus.dora, title="Flow far away")
    drain_outbox()
    assert contracts(corpus.dora, "flow") == ["Flow far away"]
    assert contracts(corpus.ada, "flow") == ["Flow metering Västerhamn"]
    assert sorted(contracts(corpus.admin, "flow")) == ["Flow far away", "Flow metering Västerhamn"]
    [group] = find_groups(corpus.ada, read_question("flow"), ["contracts.contract"])
    assert group.count == 1
    assert search(corpus.pia, "flow") == []


def test_a_hidden_field_is_not_matched_ranked_counted_or_shown(corpus: Any) -> None:
    """Trust C2, C4."""
    assert contracts(corpus.ada, "8812") == ["Underhållsavtal värme"]
    hide("sales_rep", "contracts.contract", "reference")
    assert contracts(corpus.ada, "8812") == []
    assert contracts(corpus.ada, "värme 8812") == []
    assert contracts(corpus.ada, "värme -8812") == ["Underhållsavtal värme"]  # what is hidden leaves nothing out either
    assert contracts(corpus.ben, "8812") == ["Underhållsavtal värme"]
    page = client_of(corpus, "ada").get("/search/?q=värme").content.decode()
    assert "Underhållsavtal" in page
    assert "8812" not in without_ids(page)


def test_a_hidden_name_of_another_record_is_not_matched(corpus: Any) -> None:
    hide("sales_rep", "parties.party", "name")
    assert contracts(corpus.ada, "acme") == []
    assert contracts(corpus.ben, "acme") == ["Flow metering Västerhamn"]


def test_a_field_hidden_in_one_company_is_found_in_the_other_only(cast: Any) -> None:
    user = cast.users["ada"]
    Grant.objects.create(user=user, role=Role.objects.get(key="legal"), company=cast.south)
    forget_access()
    make_contract(cast.ada, title="North one", reference="ZX-77", company=cast.north.pk)
    make_contract(cast.dora, title="South one", reference="ZX-77")
    drain_outbox()
    assert sorted(contracts(cast.ada, "zx77")) == ["North one", "South one"]
    hide("legal", "contracts.contract", "reference")
    assert contracts(cast.ada, "zx77") == ["North one"]
    assert sorted(contracts(cast.ada, "one")) == ["North one", "South one"]


def test_the_text_of_files_is_found_by_who_may_read_the_paper(cast: Any) -> None:
    """S0-02: a file is found again by its name and by its text; a kind that is closed to a role is not."""
    contract = make_contract(cast.ada, title="Pumps")
    open_one = make_document(cast.ada, "contracts.contract", contract.pk, title="Annex")
    closed = make_document(cast.ada, "contracts.contract", contract.pk, kind="contract_text", title="The text")
    write_text(open_one, "The penalty for late delivery is capped. 违约金 applies.")
    write_text(closed, "The penalty clause.")
    drain_outbox()
    assert sorted(titles(cast.ada, "penalty")) == ["Annex", "The text"]
    assert titles(cast.ada, "違約金 capped") == ["Annex"]
    assert titles(cast.ada, '"late delivery"') == ["Annex"]
    assert titles(cast.ada, "contract.pdf annex") == ["Annex"]
    hide("sales_rep", "contracts.contract", "gross")  # who may not read the value reads no contract text
    assert titles(cast.ada, "penalty") == ["Annex"]
    page = client_of(cast, "ada").get("/search/?q=penalty").content.decode()
    assert "<mark>penalty</mark> for late delivery" in page
    assert "clause" not in page
    assert titles(cast.dora, "penalty") == []


def test_only_the_current_version_is_found(cast: Any) -> None:
    contract = make_contract(cast.ada)
    document = make_document(cast.ada, "contracts.contract", contract.pk, upload=make_upload("oldwording"))
    write_text(document, "oldwording")
    drain_outbox()
    assert titles(cast.ada, "oldwording") == ["Annex A"]
    add_version(cast.ada, document.pk, make_upload("newwording", "second.pdf"))
    document.refresh_from_db()
    write_text(document, "newwording")
    drain_outbox()
    assert titles(cast.ada, "newwording") == ["Annex A"]
    assert titles(cast.ada, "oldwording") == []


def test_parts_lead_to_the_record_they_belong_to(cast: Any) -> None:
    """S0-04: serial numbers, our number for a party, towns."""
    party = make_party(cast.ada, name="Acme", number="K-4711")
    make_address(cast.ada, party, city="Gävle")
    contract = make_contract(cast.ada, title="Pumps", counterparty=party.pk)
    make_line(cast.ada, contract, title="Ultrasonic meter", serial_no="SN-0042-X")
    make_line(cast.ada, contract, title="Ultrasonic valve")
    contact = make_contact(cast.ada, party, name="Åsa Lind")
    drain_outbox()
    assert titles(cast.ada, "sn0042x") == ["Pumps"]
    [hit] = search(cast.ada, "0042")
    assert ("0042", True) in hit.excerpt
    assert [(hit.title, hit.url) for hit in search(cast.ada, "ultrasonic")] == [("Pumps", f"/contracts/{contract.pk}/")]
    assert titles(cast.ada, "k4711") == ["Acme"]
    assert titles(cast.ada, "gavle") == ["Acme"]
    assert [(hit.title, hit.url) for hit in search(cast.ada, "asa lind")] == [(contact.name, f"/parties/{party.pk}/")]
    hide("sales_rep", "contracts.line", "serial_no")
    assert titles(cast.ada, "0042") == []
    assert titles(cast.dora, "ultrasonic") == []


def test_an_id_is_found_whole_and_by_its_beginning(corpus: Any) -> None:
    contract = make_contract(corpus.ada, title="By its id")
    drain_outbox()
    assert contracts(corpus.ada, str(contract.pk)) == ["By its id"]
    assert contracts(corpus.ada, contract.pk.hex) == ["By its id"]
    assert "By its id" in contracts(corpus.ada, str(contract.pk)[:-4])
    assert contracts(corpus.dora, str(contract.pk)) == []
    assert contracts(corpus.ada, str(UUID(int=7))) == []


def test_names_that_begin_with_the_words_come_first(cast: Any) -> None:
    for title in ("Flow one", "Meters of flow", "Flow two", "The flow"):
        make_contract(cast.ada, title=title)
    drain_outbox()
    assert contracts(cast.ada, "flow") == ["Flow two", "Flow one", "The flow", "Meters of flow"]


def test_the_same_statements_however_many_hits(cast: Any) -> None:
    def statements() -> int:
        client = client_of(cast, "ada")
        client.get("/search/?q=flow")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search/?q=flow").status_code == 200
        return len(captured)

    counts = []
    for number in range(2):
        for more in range(1 + 6 * number):
            contract = make_contract(cast.ada, title=f"Flow {number} {more}")
            make_line(cast.ada, contract, title="Flow line")
            write_text(
                make_document(cast.ada, "contracts.contract", contract.pk, title=f"Paper {number}{more}"),
                f"flow {more}",
            )
        drain_outbox()
        counts.append(statements())
    assert counts[0] == counts[1] <= 15


def test_the_page_tells_hits_apart_and_what_else_to_try(corpus: Any) -> None:
    make_contract(corpus.ada, Stage.ACTIVE, title="维护 again", starts_on="2026-01-01")
    drain_outbox()
    client = client_of(corpus, "ada")
    page = client.get("/search/?q=维护&noun=contracts.contract")
    assert page.status_code == 200
    assert "<mark>维护</mark>" in page.content.decode()
    [stages] = [facet for facet in page.context["facets"] if str(facet.label) == "Stage"]
    assert sorted((value.label, value.count) for value in stages.values) == [("Active", 1), ("Draft", 2)]
    active = client.get("/search/?q=维护&noun=contracts.contract&stage=active").content.decode()
    assert "again" in active
    assert "计量设备" not in active
    nowhere = client.get("/search/?q=维护&noun=contracts.contract&stage=closed").content.decode()
    assert "Nothing of this kind" in nowhere
    hide("sales_rep", "contracts.contract", "stage")
    hidden = client.get("/search/?q=维护&noun=contracts.contract")
    assert "Stage" not in [str(facet.label) for facet in hidden.context["facets"]]
    for field in ("stage", "nonsense"):  # what is hidden and what there is not answer alike
        assert client.get(f"/search/?q=维护&noun=contracts.contract&{field}=active").status_code == 422
    nothing = client.get("/search/?q=metring").content.decode()
    assert "Did you mean" in nothing
    assert "metering" in nothing
    fewer = client.get("/search/?q=flow zzzz").content.decode()
    assert "With a word less" in fewer
    assert client.get("/search/?q=-flow").status_code == 200
    assert client.get("/search/").status_code == 200
    assert client.get("/search/?q=flow&noun=nonsense").status_code == 200


def test_nothing_is_suggested_that_its_reader_would_not_find(corpus: Any) -> None:
    """A word of a hidden record is no help to who may not see it."""
    make_contract(corpus.dora, title="Secretword")
    drain_outbox()
    assert "secretword" in client_of(corpus, "dora").get("/search/?q=secretwort").content.decode()
    assert "secretword" not in client_of(corpus, "ada").get("/search/?q=secretwort").content.decode()


def test_the_palette_and_the_api_answer_within_rights(corpus: Any) -> None:
    """ux 1: a foreign contract is never listed."""
    make_contract(corpus.dora, title="Flow far away")
    drain_outbox()
    palette = client_of(corpus, "ada").get("/search/palette?q=flow").content.decode()
    assert 'role="option"' in palette
    assert "Flow metering" in palette
    assert "far away" not in palette
    secret = make_token(corpus.ada, corpus.users["ada"], label="search")[1]
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/search?q=flow")
    assert answer.status_code == 200
    assert [item["title"] for item in answer.json()["items"]] == ["Flow metering Västerhamn"]


def test_recent_records_are_those_i_acted_on_and_still_see(corpus: Any) -> None:
    assert find_recent(corpus.ada)[0].title
    assert find_recent(corpus.dora) == []


SCRIPTS: list[Callable[[str], str]] = [str.upper, str.lower, str.title]


@pytest.mark.parametrize("written", SCRIPTS)
def test_case_does_not_count(corpus: Any, written: Callable[[str], str]) -> None:
    assert contracts(corpus.ada, written("västerhamn")) == ["Flow metering Västerhamn"]
