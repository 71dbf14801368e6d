"""The gateway of a trial: nothing leaves the house, the messages are read on the Messages page."""

import logging
from collections.abc import Sequence

from station.gateways.contract import Outcome, Outgoing, Receipt
from station.phones import mask

log = logging.getLogger("station.gateways.console")


class Console:
    name = "console"

    async def send(self, message: Outgoing) -> Receipt:
        # Logs are read by more people than the desk: no number and no pickup code in them.
        log.info("message %s to %s, %d characters", message.reference, mask(message.phone), len(message.text))
        return Receipt(message.reference, Outcome.ACCEPTED)

    async def receipts(self, references: Sequence[str]) -> list[Receipt]:
        return []

    async def forget(self, references: Sequence[str]) -> None:
        return None
