"""Static files under names that hold their hash: a browser keeps them for ever and never has a stale one.

The stylesheets are joined into one when first asked for: one request instead of a dozen, and no build step.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from station.access import ANYONE
from station.paths import static_dir
from station.web import page

# In this order; Pico lies in the lowest layer, so that our small rules win without fights over specificity.
_LAYERS = {
    "pico": ("vendor/pico.min.css",),
    "station": (
        "css/tokens.css",
        "css/base.css",
        "css/bar.css",
        "css/scan.css",
        "css/mark.css",
        "css/answer.css",
        "css/rows.css",
        "css/household.css",
        "css/board.css",
        "css/shelf.css",
        "css/forms.css",
        "css/send.css",
        "css/phone.css",
        "css/handover.css",
        "css/market.css",
        "css/money.css",
    ),
    "print": ("css/sheet.css", "css/labels.css", "css/produce.css"),
}
_FOLDERS = {".js": ("js", "vendor"), ".svg": ("",)}
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    url: str
    type: str
    plain: bytes
    packed: bytes


@cache
def asset(name: str) -> Asset:
    """The asset `station.css`, `sprite.svg` or a script by its file name; raises FileNotFoundError."""
    suffix = PurePosixPath(name).suffix
    content = _stylesheet() if name == "station.css" else _read(name, suffix)
    digest = hashlib.sha256(content).hexdigest()[:12]
    url = f"/static/{name.removesuffix(suffix)}.{digest}{suffix}"
    return Asset(url, _TYPES[suffix], content, gzip.compress(content, mtime=0))


def url(name: str) -> str:
    """Where a page finds the asset."""
    return asset(name).url


def _stylesheet() -> bytes:
    parts = ["@layer " + ", ".join(_LAYERS) + ";"]
    for layer, files in _LAYERS.items():
        rules = [
            (static_dir() / file).read_text(encoding="utf-8").removeprefix('@charset "UTF-8";')
            for file in files
        ]
        parts.append(f"@layer {layer} {{\n{''.join(rules)}\n}}")
    return "\n".join(parts).encode()


def _read(name: str, suffix: str) -> bytes:
    for folder in _FOLDERS.get(suffix, ()):
        path = static_dir() / folder / name
        if path.parent == static_dir() / folder and path.is_file():
            return path.read_bytes()
    raise FileNotFoundError(name)


async def serve(request: Request) -> Response:
    """An asset by its hashed name; an old hash is answered 404, never with other bytes than it names."""
    stem, _, suffix = request.path_params["file"].rpartition(".")
    name, _, _ = stem.rpartition(".")
    try:
        found = asset(f"{name}.{suffix}")
    except (FileNotFoundError, KeyError) as error:
        raise HTTPException(404) from error
    if found.url != request.url.path:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "content-encoding": "gzip"}, media_type=found.type)
    return Response(found.plain, headers=headers, media_type=found.type)


def routes() -> list[Route]:
    return [page("/static/{file}", serve, who=ANYONE, name="static")]
