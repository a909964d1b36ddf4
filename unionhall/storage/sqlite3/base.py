"""The backend Django loads for ENGINE = "unionhall.storage.sqlite3"."""

from django.db.backends.sqlite3 import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def deferrable_sql(self) -> str:
        return ""


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
