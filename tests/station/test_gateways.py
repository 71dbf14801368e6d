"""The ways out: the console of a trial, and a real gammu-smsd with its dummy modem."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from station.gateways import Gateway, GatewayDown, Outcome, Outgoing, Receipt, choose
from station.gateways.gammu import Gammu
from station.models import MessageError
from station.settings import Settings

# As long as one SMS may be: 70 characters with the signature.
MESSAGE = Outgoing(
    "20261122-040000-7",
    "13900000152",
    "青禾驿站",
    "您有1件圆通快递到青禾村驿站，取件码3-2-48215，8:30-18:00凭码领取，可请家人代取。电话0730-5550123",
)
WHOLE_TEXT = f"【青禾驿站】{MESSAGE.text}"
ACCEPTED = Receipt(MESSAGE.reference, Outcome.ACCEPTED)

DAEMON = shutil.which("gammu-smsd")
needs_daemon = pytest.mark.skipif(DAEMON is None, reason="gammu-smsd is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("in", "out", "sent", "err", "modem/sms"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def gammu(folder: Path) -> Gammu:
    return Gammu(folder)


@asynccontextmanager
async def smsd(folder: Path) -> AsyncIterator[Path]:
    """The daemon at work in `folder`; gives the path of its log."""
    config, log = folder / "smsdrc", folder / "log"
    config.write_text(
        f"""[gammu]
port = {folder}/modem
connection = none
model = dummy
[smsd]
service = files
inboxpath = {folder}/in/
outboxpath = {folder}/out/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/err/
loopsleep = 1
checksecurity = 0
logfile = {log}
debuglevel = 255
"""
    )
    assert DAEMON is not None
    daemon = await asyncio.create_subprocess_exec(
        DAEMON, "-c", config, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield log
    finally:
        daemon.terminate()
        try:
            await asyncio.wait_for(daemon.wait(), 10)
        except TimeoutError:
            daemon.kill()
            await daemon.wait()


def the_daemon_moves_it(folder: Path, to: str) -> None:
    (file,) = (folder / "out").iterdir()
    file.rename(folder / to / file.name)


async def receipt(gateway: Gateway) -> Receipt:
    """The first news of the message; the daemon looks into its folder once a second."""
    for _ in range(600):
        if found := await gateway.receipts([MESSAGE.reference]):
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError("the daemon said nothing for a minute")


# ---- gammu ----


@needs_daemon
async def test_the_modem_sends_the_whole_chinese_text_in_one_part(gammu: Gammu, folder: Path) -> None:
    assert len(WHOLE_TEXT) == 70
    async with smsd(folder) as log:
        assert await gammu.send(MESSAGE) == ACCEPTED
        assert await receipt(gammu) == Receipt(MESSAGE.reference, Outcome.DELIVERED)
        told = log.read_text(encoding="utf-8")
    assert f'Found 1 sms to "13900000152" with text "{WHOLE_TEXT}"' in told
    # Not "7 bit SMS": then every Chinese character would leave as a question mark.
    assert "Unicode SMS, length 70" in told


async def test_what_the_modem_cannot_send_is_told(gammu: Gammu, folder: Path) -> None:
    await gammu.send(MESSAGE)
    the_daemon_moves_it(folder, "err")
    failed = Receipt(MESSAGE.reference, Outcome.FAILED, MessageError.NOT_SENT)
    assert await gammu.receipts([MESSAGE.reference]) == [failed]


async def test_no_news_while_the_modem_has_not_sent_it(gammu: Gammu) -> None:
    await gammu.send(MESSAGE)
    assert await gammu.receipts([MESSAGE.reference]) == []


@pytest.mark.parametrize("gone_on_to", ["out", "sent"])
async def test_a_message_handed_over_before_a_crash_is_not_handed_over_twice(
    gammu: Gammu, folder: Path, gone_on_to: str
) -> None:
    await gammu.send(MESSAGE)
    the_daemon_moves_it(folder, gone_on_to)
    assert await gammu.send(MESSAGE) == ACCEPTED
    assert len([*(folder / "out").iterdir(), *(folder / "sent").iterdir()]) == 1


async def test_a_message_that_failed_is_handed_over_again(gammu: Gammu, folder: Path) -> None:
    await gammu.send(MESSAGE)
    the_daemon_moves_it(folder, "err")
    await gammu.send(MESSAGE)
    assert await gammu.receipts([MESSAGE.reference]) == []
    assert len(list((folder / "out").iterdir())) == 1


async def test_nothing_of_a_settled_message_stays_in_the_folders(gammu: Gammu, folder: Path) -> None:
    await gammu.send(MESSAGE)
    the_daemon_moves_it(folder, "sent")
    await gammu.forget([MESSAGE.reference])
    assert list((folder / "sent").iterdir()) == []


async def test_a_file_name_holds_no_number(gammu: Gammu, folder: Path) -> None:
    await gammu.send(MESSAGE)
    assert [file.name for file in (folder / "out").iterdir()] == ["OUTC_0_20261122-040000-7.smsbackup"]


async def test_missing_folders_mean_that_the_channel_is_down(gammu: Gammu, folder: Path) -> None:
    shutil.rmtree(folder / "out")
    with pytest.raises(GatewayDown):
        await gammu.send(MESSAGE)


@pytest.mark.parametrize("phone", ["", "139****0152", '1390"\nText', "1390000015２"])
async def test_what_is_no_number_is_not_handed_over(gammu: Gammu, folder: Path, phone: str) -> None:
    outgoing = Outgoing(MESSAGE.reference, phone, MESSAGE.signature, MESSAGE.text)
    assert await gammu.send(outgoing) == Receipt(MESSAGE.reference, Outcome.FAILED, MessageError.BAD_NUMBER)
    assert list((folder / "out").iterdir()) == []


# ---- console ----


async def test_the_console_logs_neither_number_nor_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    console = choose(Settings(data_dir=tmp_path, database_url="sqlite:////unused"))
    with caplog.at_level(logging.INFO, "station.gateways"):
        assert await console.send(MESSAGE) == ACCEPTED
    assert "****0152" in caplog.text
    for secret in (MESSAGE.phone, "48215", "圆通"):
        assert secret not in caplog.text


async def test_the_settings_choose_the_modem(folder: Path) -> None:
    settings = Settings(
        data_dir=folder, database_url="sqlite:////unused", sms_gateway="gammu", gammu_dir=folder
    )
    assert await choose(settings).send(MESSAGE) == ACCEPTED
    assert len(list((folder / "out").iterdir())) == 1
