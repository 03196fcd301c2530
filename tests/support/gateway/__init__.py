"""A stand-in for the text gateway: the vendor's REST dialect over real HTTP, phones as objects.

with Gateway() as world:
    world.webhook_url = "http://127.0.0.1:8080"
    ben = world.phone("+447700900102", "Ben")
    ...
    ben.expects_text("overdue", "12 High St", within=5)
    assert "You have it" in ben.replies("1")
    world.assert_quiet()
"""

from tests.support.gateway import callbacks, faults
from tests.support.gateway.faults import Fault
from tests.support.gateway.ledger import Message
from tests.support.gateway.phones import Phone
from tests.support.gateway.texts import Answer, Text
from tests.support.gateway.world import Gateway

__all__ = [
    "Answer",
    "Fault",
    "Gateway",
    "Message",
    "Phone",
    "Text",
    "callbacks",
    "faults",
]
