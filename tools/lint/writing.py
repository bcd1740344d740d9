"""What counts as a write to the database, said once for the rules that need to know."""

from __future__ import annotations

import ast

from tools.lint.source import called_name, dotted

_ALWAYS = frozenset(
    {
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "acreate",
        "asave",
        "adelete",
        "aupdate",
        "abulk_create",
    }
)


def is_write(call: ast.Call) -> bool:
    """Whether a call writes rows.

    `save()` and `delete()` of a model take no positional argument, which tells them from a file
    storage's; `update(…)` of a queryset takes only named ones, which tells it from a dict's or a
    hash's; `create(…)` is one when it hangs on a manager or a queryset.
    """
    if not isinstance(call.func, ast.Attribute):
        return False
    name = called_name(call)
    if name in _ALWAYS:
        return True
    if name in {"save", "delete"}:
        return not call.args
    if name == "update":
        return not call.args and bool(call.keywords)
    return name == "create" and ".objects" in f".{dotted(call.func)}"
