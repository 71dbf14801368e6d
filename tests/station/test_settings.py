"""Settings: a bad one stops the start with a sentence that names it; secrets may come from files."""

from pathlib import Path

import pytest

from station.settings import BadSetting, Settings


def read(tmp_path: Path, **env: str) -> Settings:
    return Settings.read({"STATION_DATA_DIR": str(tmp_path)} | {f"STATION_{k}": v for k, v in env.items()})


def test_without_any_setting_the_data_stands_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.read({})
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/station.db"
    assert (settings.sms_gateway, settings.timezone) == ("console", "Asia/Shanghai")
    assert not settings.secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/station"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "postgres://host:99999/station"),
        ("DATABASE_URL", "postgres://user:pass#word@host/station"),
        ("DATABASE_URL", "postgres://user:p[ss@host/station"),
        ("DATABASE_URL", "postgres://host/station?sslmode=require"),
        ("DATABASE_URL", "postgres:///station"),
        ("SMS_GATEWAY", "pigeon"),
        ("SMS_GATEWAY", "gammu"),
        ("BASE_URL", "station.example"),
        ("BASE_URL", "ftp://station.example"),
        ("BASE_URL", "https://station.example/path"),
        ("BASE_URL", "https://station.example?x"),
        ("BASE_URL", "http://"),
        ("BASE_URL", "http://[::1"),
        ("BASE_URL", "http://station.example:http"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "Asia"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", "/etc/passwd"),
        ("DATA_DIR", "/dev/null/data"),
        ("DATA_DIR", "/proc"),
        ("PASSWORD_FILE", "/no/such/file"),
    ],
)
def test_a_bad_setting_is_named_in_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read(tmp_path, **{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"STATION_{name}")
    assert sentence.endswith(".")


def test_a_bad_database_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        read(tmp_path, DATABASE_URL="postgres://station:geheim@host")
    assert "geheim" not in str(caught.value)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://station:secret@host/village\n")
    assert (
        read(tmp_path, DATABASE_URL_FILE=str(file)).database_url == "postgres://station:secret@host/village"
    )
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="STATION_DATABASE_URL_FILE"):
        read(tmp_path, DATABASE_URL_FILE=str(file))


def test_behind_https_cookies_are_secure(tmp_path: Path) -> None:
    settings = read(tmp_path, BASE_URL="https://station.example/")
    assert settings.base_url == "https://station.example"
    assert settings.secure_cookies


def test_what_a_setting_leaves_behind_is_only_the_folder(tmp_path: Path) -> None:
    read(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0  # people's data
