"""The backend Django loads for ENGINE = "unionhall.storage.postgresql"."""

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def deferrable_sql(self) -> str:
        # A violation raised at COMMIT comes back as InternalError from a sharded schema; raised at once it is IntegrityError.
        return ""


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
