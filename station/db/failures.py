"""What can go wrong below an act, in the same words on both databases."""

import sqlite3
from enum import StrEnum

import asyncpg
from tortoise.exceptions import IntegrityError, OperationalError


def awaits_something_else(act: str) -> RuntimeError:
    return RuntimeError(f"the act {act} awaits something that is not the database")


class Conflict(OperationalError):
    """Two acts got in each other's way on PostgreSQL; the act can simply run again."""


class Trouble(StrEnum):
    FULL = "full"
    LOCKED = "locked"
    BROKEN = "broken"
    AWAY = "away"


class StorageError(OSError):
    """The database cannot write now, and nothing of the act was written. The next act may well succeed."""

    def __init__(self, trouble: Trouble, cause: object) -> None:
        super().__init__(f"{trouble}: {cause}")
        self.trouble = trouble
        self.cause = cause


_SQLITE_TROUBLE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_IOERR: Trouble.BROKEN,
    sqlite3.SQLITE_CORRUPT: Trouble.BROKEN,
    sqlite3.SQLITE_CANTOPEN: Trouble.BROKEN,
    sqlite3.SQLITE_NOTADB: Trouble.BROKEN,
    sqlite3.SQLITE_READONLY: Trouble.BROKEN,
}


def of_sqlite(error: sqlite3.Error) -> Exception:
    """The error as acts and pages know it: IntegrityError, StorageError, or Tortoise's OperationalError."""
    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(error)
    # The low byte is the primary result code, the rest says where it happened.
    trouble = _SQLITE_TROUBLE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return StorageError(trouble, error) if trouble else OperationalError(error)


_CONNECTION_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
# All that a call of asyncpg may raise. Catch it around such calls only: an act may have an OSError of its own.
POSTGRES_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


def of_postgres(error: Exception) -> Exception:
    """The error as acts and pages know it; what is not the database's own comes back as it is."""
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return Conflict(error)
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return IntegrityError(error)
    if isinstance(error, asyncpg.DiskFullError):
        return StorageError(Trouble.FULL, error)
    if isinstance(error, asyncpg.LockNotAvailableError):
        return StorageError(Trouble.LOCKED, error)
    if isinstance(error, ValueError):  # asyncpg's refusal of an argument is an InterfaceError, too
        return OperationalError(error)
    if isinstance(error, _CONNECTION_LOST):
        return StorageError(Trouble.AWAY, error)
    if isinstance(error, asyncpg.PostgresError):
        return OperationalError(error)
    return error
