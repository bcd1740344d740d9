"""Steps of migrations that Django has none for."""

from __future__ import annotations

from typing import Any

from django.db.migrations import AlterField


class DropOwnIndex(AlterField):
    """A reference loses the index of its own, because another index begins with it.

    The index alone is dropped: as an altered field, SQLite would copy the whole table and lose its triggers.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"DROP INDEX IF EXISTS {schema_editor.quote_name(self._name(schema_editor, model))}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))  # noqa: SLF001 - as when it was made

    def describe(self) -> str:
        return f"Drop the index that {self.name} of {self.model_name} does not need"

    def _name(self, schema_editor: Any, model: Any) -> str:
        column = model._meta.get_field(self.name).column
        name: str = schema_editor._create_index_name(model._meta.db_table, [column])  # noqa: SLF001 - as when it was made
        return name
