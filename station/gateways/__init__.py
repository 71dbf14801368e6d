"""Ways out of the house for messages. Only the outbox knows them."""

from station.gateways.console import Console
from station.gateways.contract import Gateway, GatewayDown, Outcome, Outgoing, Receipt
from station.gateways.gammu import Gammu
from station.settings import Settings

__all__ = ["WITH_RECEIPTS", "Gateway", "GatewayDown", "Outcome", "Outgoing", "Receipt", "choose"]

# Those that tell later what became of a message.
WITH_RECEIPTS = (Gammu.name,)


def choose(settings: Settings) -> Gateway:
    """The gateway that the installation's settings name."""
    if settings.sms_gateway == Gammu.name:
        assert settings.gammu_dir is not None, "Settings.read refuses gammu without its folder"
        return Gammu(settings.gammu_dir)
    return Console()
