"""What follows when content came: its text is read, for previews and for the search."""

from __future__ import annotations

from hetong.files.services import make_text
from hetong.kernel.actors import Actor
from hetong.kernel.events import Event

from .models import Version


def read_texts(actor: Actor, event: Event) -> None:
    """Make the text of the versions an event names; what exists is left as it is."""
    ids = [fact.facts["version"] for fact in event.rows if fact.facts.get("version")]
    for version in Version.objects.select_related("blob").filter(pk__in=ids):
        make_text(version.blob)
