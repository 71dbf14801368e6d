"""Accounts: who may sign in, with a password at the start of a shift and a PIN within it."""

import re
from datetime import timedelta
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from station import audit, carriers, clock, doors, passwords, stations
from station.actor import Actor, Role
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import Account

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
MIN_PASSWORD = 8
# As typed at the sign-in, where `@` parts the name from its station.
_LOGIN = re.compile(r"[a-z0-9._-]{1,40}")
_LONGEST_NAME = 40

tell(
    {
        "wrong_password": (
            401,
            N_("The name or the password is not right. Look at the Caps Lock key and try again."),
        ),
        "wrong_pin": (401, N_("The PIN is not right. Try again, or sign in with the password.")),
        "account_locked": (
            429,
            N_("Too many wrong tries. Wait {minutes} minutes, or ask the station keeper."),
        ),
        "login_bad": (
            422,
            N_("A sign-in name is made of the letters a to z, digits, dots and dashes: 40 at most."),
        ),
        "login_taken": (409, N_("There is already an account with the name {login}. Choose another name.")),
        "password_short": (
            422,
            N_("The password needs at least {least} characters. A short sentence is good."),
        ),
        "pin_bad": (422, N_("A PIN is 4 to 6 digits.")),
        "carrier_missing": (422, N_("A courier's account needs the courier company, such as YTO.")),
        "last_keeper": (409, N_("This is the only keeper's account. Make another keeper first.")),
        "no_account": (404, N_("There is no such account here.")),
    }
)


async def add(
    login: str, name: str, role: Role, password: str, *, carrier: str = "", pin: str = "", by: Actor
) -> int:
    """Make an account of the actor's station; returns its id. Raises Refusal: see `tell` above."""
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Refusal("login_bad")
    company = (carriers.by_alias(carrier) if role is Role.COURIER else None) or ""
    if role is Role.COURIER and not company:
        raise Refusal("carrier_missing")
    if not password:
        raise Refusal("password_short", least=MIN_PASSWORD)
    hashed, pin_hash = await _hashes(password, pin)
    return await _add(login, name.strip()[:_LONGEST_NAME], role, company, hashed, pin_hash, by)


@act
async def _add(login: str, name: str, role: Role, carrier: str, hashed: str, pin_hash: str, by: Actor) -> int:
    if await Account.filter(station_id=by.station_id, login=login).exists():
        raise Refusal("login_taken", login=login)
    try:
        account = await Account.create(
            station_id=by.station_id,
            login=login,
            name=name,
            role=role,
            carrier=carrier,
            password_hash=hashed,
            pin_hash=pin_hash,
            created_at=clock.now(),
        )
    except IntegrityError as error:
        raise Refusal("login_taken", login=login) from error
    await audit.write(by, "account_added", subject="account", subject_id=account.id, role=role)
    return account.id


async def sign_in(login: str, password: str) -> str:
    """Open a session; returns the cookie's value. `login` may name its station: `wang@qinghe`."""
    account = await find(login)
    return await _enter(account, password, "password_hash", "wrong_password")


async def switch(account_id: int, pin: str, *, by: Actor) -> str:
    """Hand the open laptop to another volunteer of the station, by PIN; returns the new cookie's value."""
    account = await sql.one(
        "SELECT * FROM account WHERE station_id = ? AND id = ? AND active = ? AND role = ? AND pin_hash <> ''",
        by.station_id,
        account_id,
        True,
        Role.VOLUNTEER,
    )
    return await _enter(account, pin, "pin_hash", "wrong_pin")


async def _enter(account: dict[str, Any] | None, secret: str, field: str, wrong: str) -> str:
    return await _open(await _check(account, secret, field, wrong), field, wrong)


async def _check(account: dict[str, Any] | None, secret: str, field: str, wrong: str) -> dict[str, Any]:
    """The account if the secret is right; raises Refusal and counts the failure if not. Slow."""
    if account and (until := account["locked_until"]) and sql.moment(until) > clock.now():
        left = sql.moment(until) - clock.now()
        raise Refusal("account_locked", minutes=int(left.total_seconds() // 60) + 1)
    right = await passwords.fits(secret, account[field] if account else None)
    if not account or not right:
        if account:
            await _failed(account)
        raise Refusal(wrong)
    return account


async def prove(account_id: int, password: str) -> None:
    """Raise Refusal `wrong_password` unless this is the account's; counts against the lock like a sign-in."""
    account = await sql.one("SELECT * FROM account WHERE id = ? AND active = ?", account_id, True)
    account = await _check(account, password, "password_hash", "wrong_password")
    await _let_in(account, "password_hash", "wrong_password")


async def find(login: str) -> dict[str, Any] | None:
    """The active account of that name; with several stations it must say which, `name@station`."""
    name, _, station = login.strip().lower().partition("@")
    query = (
        "SELECT a.* FROM account a JOIN station s ON s.id = a.station_id WHERE a.login = ? AND a.active = ?"
    )
    rows = (
        await sql.rows(query + " AND s.code = ?", name, True, station)
        if station
        else await sql.rows(query, name, True)
    )
    return rows[0] if len(rows) == 1 else None


@act
async def _failed(account: dict[str, Any]) -> None:
    row = await sql.one(
        "UPDATE account SET failures = failures + 1 WHERE id = ? RETURNING failures", account["id"]
    )
    assert row is not None
    if row["failures"] >= MAX_FAILURES:
        await Account.filter(id=account["id"]).update(failures=0, locked_until=clock.now() + LOCKED_FOR)
    system = Actor.system(account["station_id"])
    await audit.write(
        system, "sign_in_failed", subject="account", subject_id=account["id"], failures=row["failures"]
    )


@act
async def _let_in(account: dict[str, Any], field: str, wrong: str) -> None:
    """Forget earlier failures. Asked after the slow part: whoever guesses with many hands at once finds the door locked,
    and a secret that was changed meanwhile opens nothing."""
    same = Account.filter(id=account["id"], active=True, **{field: account[field]})
    open_now = Q(locked_until__isnull=True) | Q(locked_until__lte=clock.now())
    if await same.filter(open_now).update(failures=0, locked_until=None):
        return
    if await same.exists():
        raise Refusal("account_locked", minutes=int(LOCKED_FOR.total_seconds()) // 60)
    raise Refusal(wrong)


@act
async def _open(account: dict[str, Any], field: str, wrong: str) -> str:
    """A session, in one act with the last look at the account: a new password ends it, too."""
    await _let_in(account, field, wrong)
    role, carrier = Role(account["role"]), account["carrier"] or None
    actor = Actor(account["station_id"], account["id"], account["name"], role, carrier)
    return await doors.open_session(account["id"], by=actor)


async def set_secrets(account_id: int, *, password: str = "", pin: str = "", by: Actor) -> None:
    """Give a new password, PIN (for switching within a shift) or both; what is empty stays.

    With a new password every session and token of the account ends.
    """
    password_hash, pin_hash = await _hashes(password, pin)
    if password_hash:
        fields = {"password_hash": password_hash} | ({"pin_hash": pin_hash} if pin_hash else {})
        await _change(account_id, "password_changed", by, **fields)
    elif pin_hash:
        await _change(account_id, "pin_changed", by, pin_hash=pin_hash)


async def set_active(account_id: int, active: bool, *, by: Actor) -> None:
    """Close or reopen an account; a closed one is out at once, wherever it is signed in."""
    await _change(account_id, "account_reopened" if active else "account_closed", by, active=active)


@act
async def _change(account_id: int, what: str, by: Actor, **fields: Any) -> None:
    account = await Account.get_or_none(station_id=by.station_id, id=account_id)
    if account is None:
        raise Refusal("no_account")
    if fields.get("active") is False and account.role is Role.KEEPER:
        # Two keepers may close each other's account in one moment.
        await stations.one_at_a_time(by.station_id)
        others = Account.filter(station_id=by.station_id, role=Role.KEEPER, active=True).exclude(
            id=account_id
        )
        if not await others.exists():
            raise Refusal("last_keeper")
    await Account.filter(id=account_id).update(failures=0, locked_until=None, **fields)
    if what in ("password_changed", "account_closed"):
        await doors.close_all(account_id, by=by)
    await audit.write(by, what, subject="account", subject_id=account_id)


async def _hashes(password: str, pin: str) -> tuple[str, str]:
    """Both checked before either is hashed; an empty one stays empty."""
    if password and len(password) < MIN_PASSWORD:
        raise Refusal("password_short", least=MIN_PASSWORD)
    if pin and not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 6):
        raise Refusal("pin_bad")
    return (
        await passwords.hash_secret(password) if password else "",
        await passwords.hash_secret(pin) if pin else "",
    )


async def of_station(station_id: int) -> list[dict[str, Any]]:
    """Every account of the station, active ones first, without their hashes."""
    return await sql.rows(
        "SELECT id, login, name, role, carrier, active, pin_hash <> '' AS has_pin, locked_until FROM account"
        " WHERE station_id = ? ORDER BY active DESC, role, login",
        station_id,
    )
