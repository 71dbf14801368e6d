"""Settings from the environment, `STATION_…`. A bad one stops the start with a sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class BadSetting(Exception):
    """A setting that cannot be used; the message is for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process runs with. `database_url` is `sqlite:///…` or `postgres://…`."""

    data_dir: Path
    database_url: str
    sms_gateway: str = "console"
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Shanghai"
    gammu_dir: Path | None = None
    # For scripts that make accounts; nobody types it on a command line, where others could read it.
    password: str = ""
    upload_limit: int = 20 * 1024 * 1024

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Settings":
        """Read and check every setting; raises BadSetting with a sentence. Makes the data folder."""
        data_dir = Path(_value(env, "DATA_DIR", "./data")).resolve()
        try:
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)  # people's data
            TemporaryFile(dir=data_dir).close()
        except OSError as error:
            raise BadSetting(
                f"STATION_DATA_DIR: nothing can be written to the folder {data_dir} ({error.strerror})."
            ) from error
        gateway = _value(env, "SMS_GATEWAY", "console")
        if gateway not in ("console", "gammu"):
            raise BadSetting(f"STATION_SMS_GATEWAY is {gateway!r}; it can be console or gammu.")
        gammu = _value(env, "GAMMU_DIR", "")
        if gateway == "gammu" and not gammu:
            raise BadSetting(
                "STATION_SMS_GATEWAY=gammu needs STATION_GAMMU_DIR: the folder of gammu-smsd's in and outbox."
            )
        return cls(
            data_dir=data_dir,
            database_url=_database_url(env, data_dir),
            sms_gateway=gateway,
            base_url=_base_url(env),
            timezone=_timezone(env),
            gammu_dir=Path(gammu) if gammu else None,
            password=_value(env, "PASSWORD", ""),
        )


def _value(env: Mapping[str, str], name: str, default: str) -> str:
    """`STATION_NAME`, or the content of the file that `STATION_NAME_FILE` names (how secrets are handed over)."""
    if path := env.get(f"STATION_{name}_FILE"):
        try:
            text = (
                Path(path).read_text(encoding="utf-8-sig").strip()
            )  # as an editor on Windows writes it, too
            if "\0" in text:
                raise ValueError(path)
            return text
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise BadSetting(f"STATION_{name}_FILE: {path} cannot be read ({reason}).") from error
    return env.get(f"STATION_{name}") or default


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    url = _value(env, "DATABASE_URL", f"sqlite:///{data_dir / 'station.db'}")
    if url.startswith("postgresql://"):
        url = "postgres://" + url.removeprefix("postgresql://")
    # The URL itself stays out of the sentence: it may hold a password.
    if not re.fullmatch(r"sqlite:///(?!:memory:).+|postgres://[^/]+/[^/]+", url):
        raise BadSetting(
            "STATION_DATABASE_URL should look like sqlite:////folder/station.db or postgres://user:password@host/name."
        )
    if url.startswith("postgres"):
        if not _legible(url) or not urlsplit(url).path[1:]:
            raise BadSetting(
                "STATION_DATABASE_URL: host, port and name cannot be read. In a password, write @ as %40, # as %23,"
                " / as %2F, ? as %3F, [ as %5B."
            )
        if urlsplit(url).query:
            raise BadSetting(
                "STATION_DATABASE_URL can have no ? in it. For TLS, set PGSSLMODE=require beside it."
            )
    return url


def _legible(url: str) -> bool:
    """Whether host and port can be told apart."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _base_url(env: Mapping[str, str]) -> str:
    url = _value(env, "BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not re.fullmatch(r"https?://[^/?#\s@]+", url) or not _legible(url):
        raise BadSetting(f"STATION_BASE_URL is {url!r}; it should look like https://station.example.")
    return url


def _timezone(env: Mapping[str, str]) -> str:
    name = _value(env, "TIMEZONE", "Asia/Shanghai")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetting(f"STATION_TIMEZONE: {name!r} is not a time zone; Asia/Shanghai is one.") from error
    return name
