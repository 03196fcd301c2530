"""One folder per way out to a person.

This module is the only place that knows which ways there are: adding one means a folder with a
class that keeps `base.Gateway`'s promises, its settings here, and a line in `gateways`.
"""

from dataclasses import dataclass

from server.gateways.base import Gateway, Webhooks
from server.gateways.pretend import PretendGateway, Sink
from server.gateways.twilio.settings import TwilioSettings

__all__ = ["GatewaySettings", "TwilioSettings", "gateways", "webhooks"]


@dataclass(frozen=True)
class GatewaySettings:
    """Which ways out are set up; with `pretend` no other one is ever used."""

    twilio: TwilioSettings | None = None
    pretend: Sink | None = None


def gateways(settings: GatewaySettings) -> list[Gateway]:
    """The ways out in the order they are tried; none where none is set up. Opens no connection.

    A provider's package is loaded here, at start-up, and only if it is used: a rehearsal saves the
    memory, and a broken installation shows before the first alarm and not in it.
    """
    if settings.pretend is not None:
        return [PretendGateway(settings.pretend)]
    if settings.twilio is None:
        return []
    from server.gateways.twilio.gateway import TwilioGateway

    return [TwilioGateway(settings.twilio)]


def webhooks(settings: GatewaySettings) -> Webhooks | None:
    """Who reads what Twilio posts; None where there is nothing to believe. Loads little."""
    if settings.pretend is not None or settings.twilio is None:
        return None
    from server.gateways.twilio.hooks import TwilioWebhooks

    return TwilioWebhooks(settings.twilio)
