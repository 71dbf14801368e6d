"""`station manifest import FILE`."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path

from couriers import manifest_results as results
from couriers import manifests
from station import carriers, demo
from station.actor import Actor
from station.db import sql
from station.errors import Refusal
from station.settings import Settings


def add(commands: "_SubParsersAction[ArgumentParser]") -> None:
    manifest = commands.add_parser("manifest", help="manifests").add_subparsers(required=True)
    importing = manifest.add_parser("import", help="take in a courier's file")
    importing.add_argument("file", type=Path)
    importing.add_argument(
        "--carrier", help="the company, such as YTO; without it the file's own column decides"
    )
    importing.add_argument("--station", help="the station's code, if there are several")
    importing.set_defaults(run=run)


async def run(args: Namespace, settings: Settings) -> int:
    """Import with a progress bar on stderr; prints the counts. A file that is no table is a Refusal."""
    carrier = carriers.by_alias(args.carrier) if args.carrier else None
    if args.carrier and carrier is None:
        raise Refusal("no_carrier", carrier=args.carrier)
    try:
        data = await asyncio.to_thread(args.file.read_bytes)
    except OSError as error:
        print(f"{args.file}: {error.strerror}", file=sys.stderr)
        return 1
    by = Actor.system(await demo.the_station(args.station, settings.timezone))
    importing = asyncio.create_task(
        manifests.receive(data, args.file.name, carrier, by=by, folder=settings.data_dir / "uploads")
    )
    await _show_progress(importing)
    receipt = await importing
    manifest = await results.seen(receipt.id, by=by)
    manifests.check(manifest)
    counts = ", ".join(f"{manifest[name]} {name}" for name in ("accepted", "rejected", "skipped"))
    print(f"manifest {receipt.id}{'' if receipt.new else ' (known already)'}: {counts}")
    return 0


async def _show_progress(importing: "asyncio.Task[manifests.Receipt]") -> None:
    # Late: the server has this module too, and no terminal.
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("rows", total=None)
        while not importing.done():
            row = await sql.one(
                "SELECT rows, imported FROM manifest WHERE state = 'importing' ORDER BY id DESC LIMIT 1"
            )
            if row and row["rows"]:
                progress.update(bar, total=row["rows"], completed=row["imported"])
            await asyncio.wait({importing}, timeout=0.1)
