"""Lists as files: what is seen or every readable column. Short ones at once, long ones as a job with a file that is its owner's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hetong.jobs.queries import result_folder
from hetong.jobs.services import publish, start_job
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.events import Fact
from hetong.kernel.fields import Field, Row
from hetong.kernel.ids import new_id
from hetong.kernel.nouns import Noun, noun
from hetong.kernel.paging import MOST, page
from hetong.kernel.where import ordering
from hetong.ui.events import Exported
from hetong.ui.http import Request

from .question import ask, rows_of
from .sheets import csv_lines, write_xlsx
from .state import State

AT_ONCE = 5_000
"""Above so many rows an export is a job (ux §2, row 20)."""
TASK = "ui.export"
KINDS: Mapping[str, tuple[str, str]] = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "csv-mark": ("csv", "text/csv; charset=utf-8"),
    "csv-semicolon": ("csv", "text/csv; charset=utf-8"),
}


def export_links(state: State) -> list[dict[str, Any]]:
    """The files a list can be had as, in two groups; none where the reader may not export."""
    if state.table.can_export and not state.actor.may(state.table.can_export):
        return []
    names = {
        "xlsx": _("Excel (XLSX)"),
        "csv": "CSV",
        "csv-mark": _("CSV for Excel (with byte order mark)"),
        "csv-semicolon": _("CSV for Excel with semicolons"),
    }
    groups = ((_("Columns shown"), ()), (_("All columns"), (("layout", "all"),)))
    return [
        {
            "label": label,
            "links": [{"label": name, "url": state.url(None, ("format", kind), *more)} for kind, name in names.items()],
        }
        for label, more in groups
    ]


def export(request: Request, state: State, kind: str) -> HttpResponseBase:
    """The list as a file, or a job that makes one when it is long. Refused while a condition cannot be answered."""
    if kind not in KINDS:
        raise NotFound(format=kind)
    if state.table.can_export:
        state.actor.require(state.table.can_export)
    if state.question.cannot_answer:
        messages.error(request, _("Remove the conditions that cannot be used, then export."))
        return redirect(request.path + state.url())
    names = _names(
        state.actor, state.entry, () if request.GET.get("layout") == "all" else tuple(f.name for f in state.columns)
    )
    sort = state.sort
    title = str(state.table.title or state.entry.labels[1])
    return export_rows(request, state.entry, state.rows, names, sort, kind, title, state.query, state.table.fixed)


def export_rows(
    request: Request,
    entry: Noun,
    rows: QuerySet[Any],
    names: Sequence[str],
    sort: Any,
    kind: str,
    title: str,
    query: str,
    fixed: str,
    ids: Sequence[UUID] = (),
) -> HttpResponseBase:
    """Those rows as a file, at once or by a job."""
    count = rows[: AT_ONCE + 1].count()
    if count > AT_ONCE:
        params = {
            "key": entry.key,
            "query": query,
            "fixed": fixed,
            "names": list(names),
            "sort": [list(s) for s in sort],
            "kind": kind,
            "title": title,
        }
        start_job(
            request.actor, TASK, _("Export: %(title)s") % {"title": title}, params | {"ids": [str(id) for id in ids]}
        )
        messages.success(request, _("The export is being made. You may go on; the bell says when it is there."))
        return redirect("/jobs/")
    fields = [entry.register.all()[name] for name in names]
    shown = shown_rows(request.actor, entry, rows, fields, sort)
    tell_export(request.actor, entry, count, kind, query)
    return _answer(request.actor, title, kind, fields, shown)


def tell_export(actor: Actor, entry: Noun, count: int, kind: str, query: str) -> None:
    """Tell that rows leave as a file; the access log notes it."""
    publish(Exported(actor, (Fact(entry.key, new_id(), None, {"rows": count, "kind": kind, "query": query[:200]}),)))


def _answer(actor: Actor, title: str, kind: str, fields: Sequence[Field], rows: Iterator[Row]) -> HttpResponseBase:
    ending, content_type = KINDS[kind]
    name = f"{title} {clock.today(actor.zone).isoformat()}.{ending}"
    if ending == "xlsx":
        held = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
        write_xlsx(held, title, fields, rows)
        held.seek(0)
        return FileResponse(held, as_attachment=True, filename=name, content_type=content_type)
    response = StreamingHttpResponse(_csv(kind, fields, rows), content_type=content_type)
    response.headers["Content-Disposition"] = FileResponse(_Named(), as_attachment=True, filename=name).headers[
        "Content-Disposition"
    ]
    return response


class _Named:
    """Stands for a file where only the header that names it is wanted."""

    def read(self, *_args: Any) -> bytes:
        return b""


def _csv(kind: str, fields: Sequence[Field], rows: Iterator[Row]) -> Iterator[bytes]:
    return csv_lines(fields, rows, delimiter=";" if kind == "csv-semicolon" else ",", mark=kind != "csv")


def _names(actor: Actor, entry: Noun, chosen: Sequence[str]) -> list[str]:
    """The fields asked for; every readable one when none is named."""
    return list(chosen) or [f.name for f in entry.register.readable(actor)]


def shown_rows(
    actor: Actor, entry: Noun, rows: QuerySet[Any], fields: Sequence[Field], sort: Any, told: Any = None
) -> Iterator[Row]:
    """Every row in order, page by page, so that memory does not grow with them. ``told(n)`` hears the progress."""
    names = {f.name for f in fields} | {entry.register.heading}
    cursor, done = "", 0
    while True:
        found = page(rows, ordering(entry.register, actor, sort), cursor=cursor, limit=MOST)
        yield from entry.register.show(actor, found.ids, names)
        done += len(found.ids)
        if told is not None:
            told(done)
        if not found.next:
            return
        cursor = found.next


# -- long ones -----------------------------------------------------------------------------------


def run_export(
    actor: Actor,
    handle: Any,
    *,
    key: str,
    query: str,
    fixed: str,
    names: Sequence[str],
    sort: Any,
    kind: str,
    title: str,
    ids: Sequence[str] = (),
) -> dict[str, Any]:
    """The job: write the file with the rights that the actor has now; the result names it for the jobs page."""
    entry = noun(key)
    question = ask(actor, entry.register, query)
    if question.cannot_answer or kind not in KINDS:
        raise NotFound(noun=key)
    rows = rows_of(actor, entry, fixed, question.where)
    if ids:
        rows = rows.filter(pk__in=ids)
    readable = {f.name: f for f in entry.register.readable(actor)}
    fields = [readable[name] for name in names if name in readable]
    order = [(name, down) for name, down in sort if name in readable]
    total = rows.count()
    tell_export(actor, entry, total, kind, query)
    shown = shown_rows(actor, entry, rows, fields, order, lambda done: handle.progress(min(done, total), total))
    ending, content_type = KINDS[kind]
    target = result_folder() / f"{handle.id}.{ending}"
    partial = target.with_suffix(".part")
    try:
        if ending == "xlsx":
            write_xlsx(partial, title, fields, shown)
        else:
            with partial.open("wb") as file:
                file.writelines(_csv(kind, fields, shown))
        partial.chmod(0o600)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return {
        "file": target.name,
        "name": f"{title} {clock.today(actor.zone).isoformat()}.{ending}",
        "type": content_type,
        "done": total,
    }
