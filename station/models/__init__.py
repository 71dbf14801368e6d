"""The station's tables. Every row belongs to a station; `station_id` leads every key and index."""

from station.models.audit import AuditAbout, AuditLine, AuditSeal
from station.models.jobs import JobRun
from station.models.messages import Message, MessageError, MessageState
from station.models.money import LedgerEntry, Party, PayoutFile, Settlement, SettlementEntry, SettlementState
from station.models.orders import Order, OrderImport, OrderLine, OrderSource, OrderState, StockMove
from station.models.parcels import DayStat, Parcel, ParcelState, Size
from station.models.people import Account, Recipient, Session, Token
from station.models.places import Shelf, Slot, SlotKind, Station
from station.models.produce import Agreement, Listing, ListingState, Lot, LotState, MoveKind, Product
from station.models.residents import Household, Resident, ResidentPhone
from station.models.wishes import MatchState, Wish, WishMatch

__all__ = [
    "Account",
    "Agreement",
    "AuditAbout",
    "AuditLine",
    "AuditSeal",
    "DayStat",
    "Household",
    "JobRun",
    "LedgerEntry",
    "Listing",
    "ListingState",
    "Lot",
    "LotState",
    "MatchState",
    "Message",
    "MessageError",
    "MessageState",
    "MoveKind",
    "Order",
    "OrderImport",
    "OrderLine",
    "OrderSource",
    "OrderState",
    "Parcel",
    "ParcelState",
    "Party",
    "PayoutFile",
    "Product",
    "Recipient",
    "Resident",
    "ResidentPhone",
    "Session",
    "Settlement",
    "SettlementEntry",
    "SettlementState",
    "Shelf",
    "Size",
    "Slot",
    "SlotKind",
    "Station",
    "StockMove",
    "Token",
    "Wish",
    "WishMatch",
]
