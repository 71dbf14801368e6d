"""A village's own SIM card in a USB modem, driven by gammu-smsd with its `files` service.

The daemon's configuration names the three folders in here: `outboxpath = …/out/`, `sentsmspath = …/sent/`,
`errorsmspath = …/err/`. It takes a message from the first and moves its file to one of the others.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from station.gateways.contract import GatewayDown, Outcome, Outgoing, Receipt
from station.models import MessageError


class Gammu:
    name = "gammu"

    def __init__(self, folder: Path) -> None:
        self.out, self.sent, self.err = folder / "out", folder / "sent", folder / "err"

    async def send(self, message: Outgoing) -> Receipt:
        if not (message.phone.isascii() and message.phone.isdigit()):
            return Receipt(message.reference, Outcome.FAILED, MessageError.BAD_NUMBER)
        return await asyncio.to_thread(self._hand_over, message)

    async def receipts(self, references: Sequence[str]) -> list[Receipt]:
        return await asyncio.to_thread(lambda: [found for ref in references if (found := self._outcome(ref))])

    async def forget(self, references: Sequence[str]) -> None:
        """The daemon keeps every message it sent, with its number and pickup code, for ever; we do not."""
        await asyncio.to_thread(self._remove, references)

    def _hand_over(self, message: Outgoing) -> Receipt:
        name = _file_name(message.reference)
        accepted = Receipt(message.reference, Outcome.ACCEPTED)
        try:
            # A crash may have come between writing the file and recording it: then it is not sent twice. First `out`,
            # then `sent`, the way the daemon may be moving it this very moment.
            if (self.out / name).exists() or (self.sent / name).exists():
                return accepted
            (self.err / name).unlink(missing_ok=True)
            _write(self.out / name, _backup_text(message))
        except OSError as error:
            raise GatewayDown(f"gammu's folders: {error.strerror}") from error
        return accepted

    def _outcome(self, reference: str) -> Receipt | None:
        name = _file_name(reference)
        if (self.sent / name).exists():
            return Receipt(reference, Outcome.DELIVERED)
        if (self.err / name).exists():
            return Receipt(reference, Outcome.FAILED, MessageError.NOT_SENT)
        return None

    def _remove(self, references: Sequence[str]) -> None:
        for reference in references:
            for folder in (self.sent, self.err):
                (folder / _file_name(reference)).unlink(missing_ok=True)


def _file_name(reference: str) -> str:
    """`OUT<priority>_<recipient>_<serial>.<ext>`: sent in the order of the names (gammu-smsd-files(7)). The recipient
    stands in the file; here it would outlive the erasure of people's data."""
    return f"OUTC_0_{reference}.smsbackup"


def _backup_text(message: Outgoing) -> str:
    """What `gammu-smsd-inject -unicode` writes. A plain text file is no way: unless the daemon is configured otherwise
    it goes out in the 7-bit alphabet, every Chinese character a question mark."""
    text = f"【{message.signature}】{message.text}"
    digits = text.encode("utf-16-be").hex().upper()
    parts = [digits[start : start + 200] for start in range(0, len(digits), 200)]
    lines = [
        "[SMSBackup000]",
        "PDU = Submit",
        "State = UnSent",
        f'Number = "{message.phone}"',
        *(f"Text{number:02d} = {part}" for number, part in enumerate(parts)),
        "Coding = Unicode_No_Compression",
        "Folder = 1",
        f"Length = {len(text)}",
        "Class = -1",
    ]
    return "\n".join(lines) + "\n"


def _write(path: Path, content: str) -> None:
    """Whole or not at all, and on the disk before anybody calls it accepted. The daemon takes only names with OUT; on
    half a message it may hang for ever (seen with 1.42)."""
    unfinished = path.with_name(f"new-{path.name}")
    with unfinished.open("w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
