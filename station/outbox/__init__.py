"""The outbox: messages are rows written inside acts, and carried to a gateway by the worker afterwards."""

from station.outbox.entries import hold, put, still_queued, withdraw, write
from station.outbox.sending import any_due, awaiting_receipts, collect_receipts, send_due

__all__ = [
    "any_due",
    "awaiting_receipts",
    "collect_receipts",
    "hold",
    "put",
    "send_due",
    "still_queued",
    "withdraw",
    "write",
]
