"""The `station` command."""

import asyncio
import getpass
import logging
import os
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Awaitable, Callable

from station import accounts, areas, backups, demo, doors, i18n, logs, serving, stations, verify
from station.actor import Actor, Role
from station.db import Database, StorageError
from station.db.migrations import NewerDatabase, migrate
from station.errors import N_, Refusal
from station.settings import BadSetting, Settings

log = logging.getLogger("station.cli")

_NO_DATABASE = N_(
    "The database cannot be used ({reason}). Look at STATION_DATABASE_URL, at the disk, and whether its server runs."
)

Run = Callable[[Namespace, Settings], Awaitable[int | None]]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. A refusal or a bad setting is one sentence on stderr."""
    args = _parser().parse_args(arguments)
    logs.set_up()
    # A server's LANG=C names no language: whoever sits at a terminal is answered in English then.
    i18n.use("zh_CN" if os.environ.get("LANG", "").lower().startswith("zh") else "en")
    try:
        settings = Settings.read(os.environ)
        if args.command == "serve":
            return serving.serve(settings, host=args.host, port=args.port, with_demo=args.demo)
        return asyncio.run(_run(args, settings)) or 0
    except Refusal as refusal:
        return _complain(i18n.gettext(refusal.sentence).format(**refusal.facts))
    except StorageError as error:
        return _complain(i18n.gettext(_NO_DATABASE).format(reason=error.cause))
    except (BadSetting, NewerDatabase, OSError) as error:  # no such file, no such server, the disk is full
        return _complain(str(error))
    except KeyboardInterrupt:
        return 130


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


async def _run(args: Namespace, settings: Settings) -> int | None:
    run: Run = args.run
    if args.closed:
        return await run(args, settings)
    await migrate(settings.database_url, areas.apps())
    async with Database(settings.database_url, areas.apps()):
        return await run(args, settings)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="station", description="Runs a village's parcel station.")
    # Most commands need the open database; those that replace or migrate it do not.
    parser.set_defaults(closed=False)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the pages (and do the worker's jobs)")
    serve.add_argument(
        "--demo", action="store_true", help="open the demo village first, if there is no station yet"
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    commands.add_parser("worker", help="do the jobs alone, beside `station serve`").set_defaults(run=_worker)
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(
        run=_migrate, closed=True
    )
    commands.add_parser("demo", help="open the demo village").set_defaults(run=_demo)
    commands.add_parser("verify", help="prove the audit chain and the books").set_defaults(run=_verify)
    commands.add_parser("check", help="is everything in place to run?").set_defaults(run=_check)
    backup = commands.add_parser("backup", help="copy the running database")
    backup.add_argument("--to", help="folder (default: backups in the data folder)")
    backup.set_defaults(run=backups.command)
    restore = commands.add_parser(
        "restore", help="put a backup in place of the database; stop `station serve` first"
    )
    restore.add_argument("file")
    restore.add_argument("--force", action="store_true", help="also over a newer database")
    restore.set_defaults(run=backups.restore_command, closed=True)
    _account_commands(commands.add_parser("account", help="accounts").add_subparsers(required=True))
    _token_commands(commands.add_parser("token", help="bearer tokens").add_subparsers(required=True))
    for area in areas.load():
        if area.commands:
            area.commands(commands)
    return parser


def _account_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    add = commands.add_parser("add", help="make an account; asks for the password")
    add.add_argument("name", help="the name to sign in with")
    add.add_argument(
        "--role", required=True, choices=[role.value for role in Role if role is not Role.SYSTEM]
    )
    add.add_argument("--carrier", default="", help="a courier's company, such as YTO")
    add.add_argument("--display", help="the name on screen (default: the sign-in name)")
    add.add_argument("--station", help="the station's code, if there are several")
    add.set_defaults(run=_account_add)


def _token_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    add = commands.add_parser("add", help="make a token for an account and print it, once")
    add.add_argument("name", help="the account's name (name@station if there are several stations)")
    add.set_defaults(run=_token_add)


async def _account_add(args: Namespace, settings: Settings) -> int:
    station_id = await demo.the_station(args.station, settings.timezone)
    # STATION_PASSWORD(_FILE) is for scripts; a person types it unseen.
    try:
        password = settings.password or getpass.getpass("Password: ")
    except EOFError:
        raise Refusal("password_short", least=accounts.MIN_PASSWORD) from None
    await accounts.add(
        args.name,
        args.display or args.name,
        Role(args.role),
        password,
        carrier=args.carrier,
        by=Actor.system(station_id),
    )
    code = (await stations.profile(station_id)).code
    print(i18n.gettext("{name} may now sign in at the station {code}.").format(name=args.name, code=code))
    return 0


async def _token_add(args: Namespace, settings: Settings) -> int:
    account = await accounts.find(args.name)
    if account is None:
        raise Refusal("no_account")
    print(await doors.make_token(account["id"], by=Actor.system(account["station_id"])))
    return 0


async def _migrate(args: Namespace, settings: Settings) -> int:
    await migrate(
        settings.database_url, areas.apps(), lambda event, area, name: log.info("%s %s %s", event, area, name)
    )
    return 0


async def _demo(args: Namespace, settings: Settings) -> int:
    if not await demo.open_village(settings):
        raise Refusal("not_the_demo")
    print(demo.who_can_sign_in())
    return 0


async def _verify(args: Namespace, settings: Settings) -> int:
    faults = await verify.everything(areas.load())
    for fault in faults:
        print(fault)
    if faults:
        print(i18n.ngettext("{n} fault", "{n} faults", len(faults)).format(n=len(faults)))
    else:
        print(i18n.gettext("The audit chain and the books are in order."))
    return 1 if faults else 0


async def _check(args: Namespace, settings: Settings) -> int:
    findings = await verify.installation(settings)
    for finding in findings:
        print(finding)
    if not findings:
        print(i18n.gettext("Everything is in place."))
    return 1 if findings else 0


async def _worker(args: Namespace, settings: Settings) -> int:
    await serving.work(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
