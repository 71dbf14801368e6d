"""`make migration AREA=pickup NAME=proxies`: writes the migration that an area's changed models need."""

import asyncio
import sys

from station.areas import apps
from station.db.making_migrations import make_migrations


def main(area: str, name: str) -> str:
    try:
        path = asyncio.run(make_migrations(area, name, apps()))
    except ValueError as refused:
        return str(refused)
    print(path or f"The models of {area} have not changed.")
    return ""


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Say which area and what changes: make migration AREA=pickup NAME=proxies")
    sys.exit(main(*sys.argv[1:]))
