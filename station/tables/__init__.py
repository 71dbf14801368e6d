"""Tables in files that others made: bytes in, rows of cells out, within bounds."""

from station.tables.html import Cell
from station.tables.opening import Table, Tables, Unreadable, open_tables

__all__ = ["Cell", "Table", "Tables", "Unreadable", "open_tables"]
