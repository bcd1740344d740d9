"""Templates get shown rows, never model instances.

A template that holds a model can print any of its fields, hidden ones too. `REGISTER.show(actor, …)`
holds only what this reader may see.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, called_name, calls, dotted, functions

RULE = "contexts"
_RENDERERS = frozenset({"render", "TemplateResponse", "render_to_string"})
_READERS = ("find_", "get_")
_SHOWERS = frozenset({"show", "show_one", "count", "exists", "values", "values_list", "aggregate"})


def check(source: Source) -> Iterator[Finding]:
    """Contexts whose values come straight from a queryset or a query."""
    if not (source.is_python and source.is_package) or source.layer != "views" or source.is_test:
        return
    for function in functions(source.tree):
        models = _names_of_models(function)
        for call in calls(function):
            if called_name(call) in _RENDERERS:
                yield from _faults(source, call, models)


def _faults(source: Source, call: ast.Call, models: set[str]) -> Iterator[Finding]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        if not isinstance(argument, ast.Dict):
            continue
        for key, value in zip(argument.keys, argument.values, strict=True):
            if _is_model(value) or (isinstance(value, ast.Name) and value.id in models):
                name = key.value if isinstance(key, ast.Constant) else "?"
                yield Finding(source.path, value.lineno, RULE, f"context {name!r} holds models; pass REGISTER.show(…)")


def _names_of_models(function: ast.AST) -> set[str]:
    """Local names that were assigned from a queryset or a query."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_model(node.value):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _is_model(node: ast.expr) -> bool:
    """Whether an expression is a queryset or a model, as far as its names tell."""
    chain = dotted(node).split(".")
    if _SHOWERS & set(chain):
        return False
    if "objects" in chain:
        return True
    return isinstance(node, ast.Call) and chain[0] == "queries" and chain[-1].startswith(_READERS)
