"""Kinds of document as something that field rules are set for: a paper is open to a role or not, as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from hetong.accounts.subjects import Ruled, Subject
from hetong.kernel.labels import Labels

from .models import DocumentKind, subject_nouns
from .policy import KIND_RULES, VALUE_FIELDS, default_rule


def rule_subjects() -> Iterator[Subject]:
    """One subject whose rows are the kinds in use."""
    kinds = list(DocumentKind.objects.filter(is_active=True).order_by("position", "pk"))
    rows = {kind.key: Ruled(kind.key, str(Labels(kind.labels)), default_rule=default_rule(kind)) for kind in kinds}
    stating = [str(Labels(kind.labels)) for kind in kinds if kind.states_value]

    def closed_with(noun: str, field: str) -> list[str]:
        holds = any(entry.key == noun for entry in subject_nouns())
        return stating if holds and field in VALUE_FIELDS else []

    yield Subject(KIND_RULES, _("Papers by kind"), rows, closed_with=closed_with)
