"""Sessions and bearer tokens: a random key for the browser or program, its hash for us.

A key begins with the station's number (`7.…`), so that finding it reads one station's rows only.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from station import audit, clock
from station.actor import Actor, Role
from station.db import act, sql
from station.models import Session, Token

# A session outlasts the longest shift, not the night.
SHIFT = timedelta(hours=14)

_VALID = {
    "session": "SELECT a.* FROM session d JOIN account a ON a.id = d.account_id WHERE d.station_id = ?"
    " AND d.key_hash = ? AND d.revoked_at IS NULL AND a.active = ? AND d.expires_at > ?",
    "token": "SELECT a.* FROM token d JOIN account a ON a.id = d.account_id WHERE d.station_id = ?"
    " AND d.key_hash = ? AND d.revoked_at IS NULL AND a.active = ?",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the outside carries it, taken apart."""

    station_id: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        station, dot, secret = text.partition(".")
        if not dot or not station.isdecimal() or len(station) > 9 or len(secret) < 20:
            return None
        return cls(int(station), sha256(secret.encode()).hexdigest())


def _new_key(station_id: int) -> tuple[str, str]:
    secret = secrets.token_urlsafe(32)
    return f"{station_id}.{secret}", sha256(secret.encode()).hexdigest()


async def who_holds(text: str, kind: str) -> Actor | None:
    """The account behind a session cookie or bearer token, if it is still valid. `kind`: "session" or "token"."""
    key = Key.parse(text)
    if key is None:
        return None
    moment = [clock.now()] if kind == "session" else []
    row = await sql.one(_VALID[kind], key.station_id, key.hash, True, *moment)
    if row is None:
        return None
    return Actor(row["station_id"], row["id"], row["name"], Role(row["role"]), row["carrier"] or None)


@act
async def open_session(account_id: int, *, by: Actor) -> str:
    """A new session of the account; returns the cookie's value, which is kept nowhere else."""
    key, key_hash = _new_key(by.station_id)
    now = clock.now()
    session = await Session.create(
        station_id=by.station_id,
        account_id=account_id,
        key_hash=key_hash,
        created_at=now,
        expires_at=now + SHIFT,
    )
    await audit.write(by, "signed_in", subject="account", subject_id=account_id, session=session.id)
    return key


@act
async def close_session(text: str, *, by: Actor) -> None:
    """Sign out: the key opens nothing any more."""
    key = Key.parse(text)
    if key and await _revoke("session", key.hash, by):
        await audit.write(by, "signed_out", subject="account", subject_id=by.account_id or 0)


@act
async def close_all(account_id: int, *, by: Actor) -> int:
    """End every session and token of an account, at once; returns how many."""
    now, ended = clock.now(), 0
    for table in (Session, Token):
        ended += await table.filter(
            station_id=by.station_id, account_id=account_id, revoked_at__isnull=True
        ).update(revoked_at=now)
    await audit.write(by, "doors_closed", subject="account", subject_id=account_id, ended=ended)
    return ended


@act
async def make_token(account_id: int, *, by: Actor) -> str:
    """A new bearer token of the account; returned once, kept as a hash."""
    key, key_hash = _new_key(by.station_id)
    token = await Token.create(
        station_id=by.station_id, account_id=account_id, key_hash=key_hash, created_at=clock.now()
    )
    await audit.write(by, "token_made", subject="account", subject_id=account_id, token=token.id)
    return key


async def _revoke(table: str, key_hash: str, by: Actor) -> bool:
    model = {"session": Session, "token": Token}[table]
    return bool(
        await model.filter(station_id=by.station_id, key_hash=key_hash, revoked_at__isnull=True).update(
            revoked_at=clock.now()
        )
    )
