"""One word for one thing, in every language: the glossary's words where a reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pytest
from django.utils.functional import Promise
from django.utils.translation import override

from hetong.audit import wording as journal
from hetong.config.roles import ROLES
from hetong.contracts.fields import words
from hetong.contracts.services.shipped import STATUSES, TYPES
from hetong.kernel.errors import DomainError
from hetong.kernel.explain import label_of, registered_codes
from hetong.kernel.fields import Field, Kind
from hetong.kernel.labels import Labels
from hetong.kernel.nouns import nouns
from tests.i18n.reading import TAGS, texts, translation
from tools import steps, wording

# Source, context, Simplified Chinese, Traditional Chinese (Taiwan), Swedish: what the translation must hold.
GLOSSARY = (
    ("Contract", None, "合同", "合約", "Avtal"),
    ("Contracts", None, "合同", "合約", "Avtal"),
    ("Counterparty", None, "相对方", "相對方", "Motpart"),
    ("Customer", None, "客户", "客戶", "Kund"),
    ("Supplier", None, "供应商", "供應商", "Leverantör"),
    ("Partners", None, "合作伙伴", "合作夥伴", "Samarbetspartner"),
    ("Contact person", None, "联系人", "聯絡人", "Kontaktperson"),
    ("Our company", None, "我方签约主体", "我方簽約主體", "Eget bolag"),
    ("Registration number", None, "统一社会信用代码", "統一編號", "Organisationsnummer"),
    ("VAT / tax number", None, "纳税人识别号", "納稅人識別號", "Momsregistreringsnummer"),
    ("Framework", None, "框架协议", "框架協議", "Ramavtal"),
    ("Income", None, "收入合同", "收入合約", "Kundavtal"),
    ("Expense", None, "采购合同", "採購合約", "Inköpsavtal"),
    ("Project", None, "项目", "專案", "Projekt"),
    ("Contract value", None, "合同金额", "合約金額", "Avtalsvärde"),
    ("Net", None, "不含税金额", "不含稅金額", "exkl. moms"),
    ("Tax", None, "税额", "稅額", "Moms"),
    ("Gross", None, "价税合计", "價稅合計", "inkl. moms"),
    ("Quantity", None, "数量", "數量", "Antal"),
    ("Unit price", None, "单价", "單價", "À-pris"),
    ("Discount %", None, "折扣", "折扣", "Rabatt"),
    ("Serial no.", None, "序列号", "序號", "Serienr"),
    ("Model", None, "型号", "型號", "Modell"),
    ("Received", None, "回款", "收款", "Inbetalt"),
    ("Invoiced", None, "开票", "開票", "Fakturerat"),
    ("Abnormal", None, "异常", "異常", "Problemflagga"),
    ("Notice period", None, "通知期", "通知期", "Uppsägningstid"),
    ("Notice by", None, "最晚通知日", "最晚通知日", "Sista uppsägningsdag"),
    ("Decide by", None, "内部处理截止日", "內部處理截止日", "Intern sista dag"),
    ("Committed until", None, "最短承诺期至", "最短承諾期至", "Bindningstid t.o.m."),
    ("Ends", None, "到期日", "到期日", "Slutdatum"),
    ("Renewal", None, "续签", "續約", "Förnyelse"),
    ("Renews unless notice is given", None, "自动续约", "自動續約", "Automatisk förlängning"),
    ("Runs until notice is given", None, "不定期", "不定期", "Tillsvidare"),
    ("Performance", None, "履行", "履行", "Fullgörande"),
    ("Void contract", None, "作废", "作廢", "Makulera"),
    ("Role", None, "角色", "角色", "Roll"),
    ("Field", None, "字段", "欄位", "Fält"),
    ("Views", None, "视图", "檢視", "Vyer"),
    ("Settings", None, "设置", "設定", "Inställningar"),
    ("Save", None, "保存", "儲存", "Spara"),
    ("Sign in", None, "登录", "登入", "Logga in"),
    ("Search", None, "搜索", "搜尋", "Sök"),
    ("Export", None, "导出", "匯出", "Exportera"),
    ("Default", None, "默认", "預設", "Standard"),
    ("Documents", None, "文档", "文件", "Dokument"),
    ("Draft", "stage", "草稿", "草稿", "Utkast"),
    ("In review", "stage", "审查中", "審查中", "Under granskning"),
    ("In approval", "stage", "审批中", "簽核中", "Under godkännande"),
    ("Signing", "stage", "签署中", "簽署中", "Under signering"),
    ("Active", "stage", "履行中", "履行中", "Gällande"),
    ("Suspended", "stage", "已暂停", "已暫停", "Vilande"),
    ("Terminated", "stage", "已终止", "已終止", "Uppsagt"),
    ("Expired", "stage", "已到期", "已到期", "Utgånget"),
    ("Archived", "stage", "已归档", "已歸檔", "Arkiverat"),
    ("Void", "stage", "已作废", "已作廢", "Makulerat"),
    ("Discarded", "stage", "已弃置", "已棄置", "Kasserat"),
    ("Rejected", "stage", "已拒绝", "已拒絕", "Avslaget"),
)
SOUGHT = [(entry[0], entry[1], language, entry[2 + at]) for entry in GLOSSARY for at, language in enumerate(TAGS)]


@pytest.mark.parametrize(("source", "context", "language", "word"), SOUGHT)
def test_a_word_of_the_glossary_is_used(source: str, context: str | None, language: str, word: str) -> None:
    assert word in translation(language, source, context)


def shipped() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Labels that come with the product, in its code."""
    for stage, labels in STATUSES.items():
        yield f"status {stage}", labels
    for labels, _class, _more in TYPES:
        yield f"type {labels['en']}", labels
    for key, (_facts, labels) in ROLES.items():
        yield f"role {key}", labels


@pytest.mark.parametrize(("name", "labels"), list(shipped()), ids=lambda value: value if isinstance(value, str) else "")
def test_shipped_labels_have_every_language(name: str, labels: Mapping[str, str]) -> None:
    assert set(labels) == {"en", "zh-hans", "zh-hant", "sv"}
    for language, tag in TAGS.items():
        assert list(wording.wrong_words(labels[tag], language)) == []


@pytest.mark.django_db
def test_labels_in_a_new_database_have_every_language() -> None:
    held = [
        (entry.key, labels)
        for entry in nouns()
        for field in entry.register.fields.values()
        if field.kind is Kind.LABELS and isinstance(field.path, str)
        for labels in entry.model._default_manager.values_list(field.path, flat=True)
    ]
    assert held
    for key, labels in held:
        assert set(Labels(labels)) == {"en", "zh-hans", "zh-hant", "sv"}, key
        for language, tag in TAGS.items():
            assert list(wording.wrong_words(labels[tag], language)) == [], key


def test_a_status_is_called_as_its_stage_is() -> None:
    for language in ("en", "sv", "zh-hans", "zh-hant"):
        with override(language):
            assert {str(stage): str(words.STAGES[stage]) for stage in STATUSES} == {
                str(stage): labels[language] for stage, labels in STATUSES.items()
            }


def is_known(text: str) -> bool:
    """Whether the catalogues hold the text, whatever its context."""
    return text in known_texts()


@lru_cache(maxsize=1)
def known_texts() -> frozenset[str]:
    """Every source text."""
    return frozenset(wording.sources(message)[0] for message in texts("sv"))


def test_every_journal_code_has_a_sentence_in_every_language() -> None:
    assert journal.codes()
    for code in journal.codes():
        english = said_in("en", code)
        assert english != code
        for tag in TAGS.values():
            assert said_in(tag, code) not in {english, code}, f"{code} in {tag}"


def said_in(language: str, code: str) -> str:
    with override(language):
        return str(journal._sentences[code])


def every_error(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for one in kind.__subclasses__():
        yield one
        yield from every_error(one)


def test_every_refusal_is_worded_in_every_language() -> None:
    ours = [one for one in every_error() if ".tests" not in one.__module__ and one.__module__.startswith("hetong")]
    assert len(ours) > 20
    unknown = {
        f"{one.__module__}.{one.__name__}: {text}"
        for one in ours
        for text in (one.text, one.then)
        if text and not is_known(str(text))
    }
    assert unknown == set()


def test_every_step_of_an_explanation_is_worded_in_every_language() -> None:
    for code in registered_codes() - {""}:
        with override("en"):
            english = str(label_of(code))
        with override("zh-hans"):
            assert str(label_of(code)) != english, code


def is_marked(text: Any) -> bool:
    """Whether a text is worded anew for each reader."""
    return isinstance(text, Promise) or not text


def test_fields_and_nouns_are_worded_for_each_reader() -> None:
    plain: list[str] = []
    for entry in nouns():
        plain += [f"{entry.key}: {label}" for label in entry.labels if not is_marked(label)]
        for field in entry.register.fields.values():
            plain += [f"{entry.key}.{field.name}: {text}" for text in (field.label, field.help) if not is_marked(text)]
            plain += [f"{entry.key}.{field.name}: {label}" for label in unmarked_choices(field)]
    assert plain == []


def unmarked_choices(field: Field) -> list[str]:
    """Choices that stay English for a reader of Chinese although the catalogue has them."""
    if field.choices is None:
        return []
    with override("zh-hans"):
        try:
            said = {str(choice.label) for choice in field.choices()}
        except RuntimeError:  # no database here: choices that come from it are data
            return []
    return sorted(text for text in said if is_known(text) and translation("zh_Hans", text) != text)


SENTENCE = re.compile(r"""(["'`])[A-Z][a-z]+(?: [a-z]+)+[.?…]?\1""")


def test_the_scripts_of_the_browser_hold_no_words() -> None:
    scripts = sorted((steps.ROOT / "frontend/src").glob("**/*.ts"))
    assert scripts
    said = {
        path.name: found
        for path in scripts
        if (found := [m.group(0) for m in SENTENCE.finditer(path.read_text(encoding="utf-8"))])
    }
    assert said == {}
