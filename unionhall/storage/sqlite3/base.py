"""The backend Django loads for ENGINE = "unionhall.storage.sqlite3"."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3 import base, operations, schema


class DatabaseOperations(operations.DatabaseOperations):
    def deferrable_sql(self) -> str:
        return ""

    def execute_sql_flush(self, sql_list: Iterable[Any]) -> None:
        # Tables are emptied in any order: only at the end may nothing point nowhere.
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            for statement in sql_list:
                cursor.execute(statement)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    # Django writes DEFERRABLE into this for SQLite, without asking `deferrable_sql`.
    sql_create_inline_fk = "REFERENCES %(to_table)s (%(to_column)s)"
    sql_create_column_inline_fk = sql_create_inline_fk


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor
