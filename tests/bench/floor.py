"""The floor of the bench: one check-in over HTTP with blocking sqlite3 and one durable commit, and nothing else.

No accounts, no rules, no templates, no batches: what a check-in must look up and write, as plainly as Python can, served
by the same web server. `python -m tests.bench.floor DATABASE PORT`; the database is one that the real program has made.
"""

import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

connection = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA synchronous=FULL")
connection.execute("PRAGMA foreign_keys=ON")


def one(query: str, *args: object) -> tuple[object, ...]:
    row: tuple[object, ...] | None = connection.execute(query, args).fetchone()
    return row or ()


def check_in(sent: dict[str, str]) -> dict[str, object]:
    """The rows that the real check-in writes: recipient, slot, parcel, message, notice, day, scan and audit line."""
    station, now = 1, datetime.now(UTC)
    connection.execute("BEGIN IMMEDIATE")
    if one("SELECT 1 FROM scan WHERE station_id = ? AND scan_id = ?", station, sent["scan_id"]):
        raise ValueError("twice")
    if one(
        "SELECT 1 FROM parcel WHERE station_id = ? AND waybill = ? AND piece_no = 1 AND state = 'waiting'",
        station,
        sent["scanned"],
    ):
        raise ValueError("here")
    one(
        "SELECT id FROM manifest_line WHERE station_id = ? AND waybill = ? AND kind = 'accepted' AND parcel_id IS NULL",
        station,
        sent["scanned"],
    )
    (sequence,) = one(
        "UPDATE station SET code_sequence = code_sequence + 1 WHERE id = ? RETURNING code_sequence", station
    )
    code = f"{sequence:05d}"
    one("SELECT 1 FROM parcel WHERE station_id = ? AND code = ? AND state = 'waiting'", station, code)
    one(
        "SELECT id FROM recipient WHERE station_id = ? AND phone = ? AND name = ?",
        station,
        sent["phone"],
        sent["name"],
    )
    one(
        "SELECT slot_id FROM parcel WHERE station_id = ? AND state = 'waiting'"
        " AND recipient_id IN (SELECT id FROM recipient WHERE station_id = ? AND phone = ?)",
        station,
        station,
        sent["phone"],
    )
    (recipient,) = one(
        "INSERT INTO recipient (station_id, name, phone, phone_kind, phone_ext, tail, initials, created_at)"
        " VALUES (?, ?, ?, 'mobile', '', ?, 'qdy', ?) RETURNING id",
        station,
        sent["name"],
        sent["phone"],
        sent["phone"][-4:],
        str(now),
    )
    slot, label = one(
        "SELECT id, label FROM slot WHERE station_id = ? AND closed = 0 AND kind = 'normal' AND used < capacity"
        " ORDER BY used * 1.0 / capacity, shelf_number, layer, bay LIMIT 1",
        station,
    )
    connection.execute("UPDATE slot SET used = used + 1 WHERE id = ? AND used < capacity", (slot,))
    (parcel,) = one(
        "INSERT INTO parcel (station_id, carrier, waybill, piece_no, piece_count, recipient_id, size, flags,"
        " collect_fen, cod_fen, slot_id, code, state, refused, intercepted, needs_carrier, needs_recipient, arrived_at)"
        " VALUES (?, 'YTO', ?, 1, 1, ?, 'small', '', 0, 0, ?, ?, 'waiting', 0, 0, 0, 0, ?) RETURNING id",
        station,
        sent["scanned"],
        recipient,
        slot,
        code,
        str(now),
    )
    one(
        "SELECT id FROM message WHERE station_id = ? AND phone = ? AND state = 'queued'",
        station,
        sent["phone"],
    )
    (message,) = one(
        "INSERT INTO message (station_id, kind, phone, text, state, attempts, due_at, gateway, gateway_ref, error,"
        " created_at) VALUES (?, 'arrival', ?, ?, 'queued', 0, ?, '', '', '', ?) RETURNING id",
        station,
        sent["phone"],
        f"您有1件圆通快递到青禾驿站，取件码{label}-{code}，8:30-18:00凭码领取，可请家人代取。",
        str(now + timedelta(minutes=3)),
        str(now),
    )
    connection.execute(
        "INSERT INTO notice (station_id, parcel_id, message_id, created_at) VALUES (?, ?, ?, ?)",
        (station, parcel, message, str(now)),
    )
    connection.execute(
        "INSERT INTO day_stat (station_id, day, announced, checked_in, collected, messages_sent, messages_failed)"
        " VALUES (?, ?, 0, 1, 0, 0, 0) ON CONFLICT (station_id, day) DO UPDATE SET checked_in = checked_in + 1",
        (station, now.date().isoformat()),
    )
    row = one(
        "SELECT p.id, p.waybill, p.carrier, s.label, p.code, p.state, r.name, r.phone FROM parcel p"
        " JOIN recipient r ON r.id = p.recipient_id JOIN slot s ON s.id = p.slot_id WHERE p.station_id = ? AND p.id = ?",
        station,
        parcel,
    )
    names = ("id", "waybill", "carrier", "slot", "code", "state", "recipient", "phone")
    answer: dict[str, object] = {"status": "ok", "parcel": dict(zip(names, row, strict=True))}
    connection.execute(
        "INSERT INTO scan (station_id, scan_id, parcel_id, status, answer, at) VALUES (?, ?, ?, 'ok', ?, ?)",
        (station, sent["scan_id"], parcel, json.dumps(answer), str(now)),
    )
    connection.execute(
        "INSERT INTO audit_line (station_id, at, act, subject, subject_id, facts)"
        " VALUES (?, ?, 'checked_in', 'parcel', ?, '{}')",
        (station, str(now), parcel),
    )
    connection.execute("COMMIT")
    return answer


async def create(request: Request) -> Response:
    return JSONResponse(check_in(json.loads(await request.body())), 201)


if __name__ == "__main__":
    app = Starlette(routes=[Route("/api/v1/checkins", create, methods=["POST"])])
    uvicorn.run(app, port=int(sys.argv[2]), log_config=None, access_log=False)
