"""The station's tables. Every row belongs to a station; `station_id` leads every key and index."""

from station.models.audit import AuditAbout, AuditLine, AuditSeal
from station.models.jobs import JobRun
from station.models.messages import Message, MessageError, MessageState
from station.models.parcels import DayStat, Parcel, ParcelState, Size
from station.models.people import Account, Recipient, Session, Token
from station.models.places import Shelf, Slot, SlotKind, Station

__all__ = [
    "Account",
    "AuditAbout",
    "AuditLine",
    "AuditSeal",
    "DayStat",
    "JobRun",
    "Message",
    "MessageError",
    "MessageState",
    "Parcel",
    "ParcelState",
    "Recipient",
    "Session",
    "Shelf",
    "Size",
    "Slot",
    "SlotKind",
    "Station",
    "Token",
]
