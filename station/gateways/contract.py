"""What a gateway is: the one way out of the house for a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from station.models import MessageError


class Outcome(StrEnum):
    """accepted = handed over, more may be heard of it; delivered = it has gone out; failed = see the error."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way. The same message always carries the same `reference`, also when it is sent again, so that
    a gateway can recognise what it already has. Providers add the signature themselves, a modem has nobody to do it.
    """

    reference: str
    phone: str
    signature: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message."""

    reference: str
    outcome: Outcome
    error: MessageError | None = None


class GatewayDown(Exception):
    """Nothing can be handed over at all: it is not this message's fault, and trying the others is no use now."""


class Gateway(Protocol):
    @property
    def name(self) -> str: ...

    async def send(self, message: Outgoing) -> Receipt:
        """Hand one message over. Raises GatewayDown."""

    async def receipts(self, references: Sequence[str]) -> list[Receipt]:
        """What has become of those accepted earlier; nothing for those of which nothing is known yet."""

    async def forget(self, references: Sequence[str]) -> None:
        """Their outcome is on record: whatever was kept of them may go."""
