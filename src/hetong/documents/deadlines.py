"""What documents need by a day: a newer one before the last day on which they are good."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hetong.documents.policy import NOUN
from hetong.kernel.deadlines import Deadline, People


def lapsing_on(
    key: str, keepers: Callable[[Collection[UUID]], People], at_rest: QuerySet[Model] | None = None
) -> Deadline:
    """The last days of documents on records of one noun; ``at_rest``: the records whose papers nobody renews any more."""
    is_open = Q(noun=key, is_retired=False, current__isnull=False, valid_until__isnull=False)
    if at_rest is not None:
        is_open &= ~Q(subject__in=at_rest.values("pk"))
    what = ("title", "kind", "licence_number")
    return Deadline(
        f"documents.valid_until:{key}", NOUN, _("Valid until"), _("Renew the document"), "valid_until", is_open, keepers,
        anchor="documents/#d-{id}", offsets=(60, 30, 7), settled_by=_("a version with a later day, or the document being retired"),
        page=(key, "subject"), fields=what, named=what, kind="kind_id", escalates=7, icon="file-certificate",
    )  # fmt: skip
