"""The kernel's database: acts write, everything else reads."""

from station.db import sql
from station.db.acts import act
from station.db.database import Database
from station.db.failures import StorageError

__all__ = ["Database", "StorageError", "act", "sql"]
