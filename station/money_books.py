"""What must balance in the ledger and its settlements; `station verify` asks."""

from station.areas import Book
from station.ledger import PARTY

# Parties less purses: 0 in every posting, so in every sum of them.
_SIDES = "SUM(CASE WHEN e.party IN ('cash', 'bank') THEN -e.fen ELSE e.fen END)"

BOOKS: tuple[Book, ...] = (
    (
        "the ledger of order {} does not balance",
        (
            "SELECT o.number AS what FROM ledger_entry e JOIN orders o ON o.id = e.order_id"  # noqa: S608
            f" WHERE e.station_id = ? GROUP BY o.id, o.number HAVING {_SIDES} <> 0"
        ),
    ),
    (
        "the postings of {} do not balance",
        f"SELECT e.day AS what FROM ledger_entry e WHERE e.station_id = ? GROUP BY e.day HAVING {_SIDES} <> 0",  # noqa: S608
    ),
    (
        "order {} says that its buyer paid another sum than the ledger",
        (
            "SELECT o.number AS what FROM orders o LEFT JOIN ledger_entry e ON e.station_id = o.station_id"  # noqa: S608
            f" AND e.order_id = o.id AND {PARTY} = 'buyer' AND e.kind = 'payment' WHERE o.station_id = ?"
            " GROUP BY o.id, o.number, o.paid_fen HAVING o.paid_fen <> COALESCE(SUM(e.fen), 0)"
        ),
    ),
    (
        "the entries of settlement {} do not add up to what it pays and carries over",
        (
            "SELECT s.number AS what FROM settlement s LEFT JOIN settlement_entry k ON k.station_id = s.station_id"
            " AND k.settlement_id = s.id LEFT JOIN ledger_entry e ON e.id = k.entry_id WHERE s.station_id = ?"
            " GROUP BY s.id, s.number, s.carry_in_fen, s.pay_fen, s.carry_out_fen"
            " HAVING s.carry_in_fen + COALESCE(SUM(e.fen), 0) <> s.pay_fen + s.carry_out_fen"
        ),
    ),
    (
        "settlement {} was paid another sum than it says",
        (
            "SELECT s.number AS what FROM settlement s WHERE s.station_id = ? AND"  # noqa: S608
            " CASE WHEN s.state = 'paid' THEN s.pay_fen ELSE 0 END <> (SELECT COALESCE(-SUM(e.fen), 0)"
            " FROM ledger_entry e LEFT JOIN ledger_entry first ON first.id = e.reverses_id WHERE"
            f" e.station_id = s.station_id AND e.household_id = s.household_id AND {PARTY} = 'household'"
            " AND COALESCE(first.ref, e.ref) = 'settlement:' || s.id || '/0')"
        ),
    ),
    (
        "settlement {} holds an entry of another household",
        (
            "SELECT DISTINCT s.number AS what FROM settlement s JOIN settlement_entry k ON k.station_id = s.station_id"
            " AND k.settlement_id = s.id JOIN ledger_entry e ON e.id = k.entry_id WHERE s.station_id = ?"
            " AND (e.party <> 'household' OR e.household_id <> s.household_id)"
        ),
    ),
    (
        "entry {} takes another one back, but not by its exact negative",
        (
            "SELECT e.id AS what FROM ledger_entry e JOIN ledger_entry first ON first.id = e.reverses_id"
            " WHERE e.station_id = ? AND (e.fen <> -first.fen OR e.party <> first.party OR e.kind <> first.kind"
            " OR first.reverses_id IS NOT NULL OR COALESCE(e.household_id, 0) <> COALESCE(first.household_id, 0)"
            " OR COALESCE(e.order_id, 0) <> COALESCE(first.order_id, 0))"
        ),
    ),
)
