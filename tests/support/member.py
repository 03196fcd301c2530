"""One of the people of a whole house."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tests.support.gateway import Phone
from tests.support.phone_app import PhoneApp
from tests.support.riverside import NAMES, PINS, mobile_of

if TYPE_CHECKING:
    from tests.support.house import House


@dataclass
class Member:
    """One of the people, with her phone's number and, once she has enrolled, its app."""

    house: "House"
    ref: str

    @property
    def name(self) -> str:
        return NAMES[self.ref]

    @property
    def pin(self) -> str:
        return PINS[self.ref][0]

    @property
    def duress_pin(self) -> str:
        return PINS[self.ref][1]

    @property
    def phone(self) -> Phone:
        """What texts to her number reach."""
        return self.house.world.phone(mobile_of(self.ref), self.name)

    @cached_property
    def app(self) -> PhoneApp:
        """The app on her phone, enrolled the first time it is asked for."""
        code = self.house.row_of(self.ref)["enrolment_code"]
        return PhoneApp(self.ref, self.house.urls, code)

    @property
    def id(self) -> str:
        return str(self.house.row_of(self.ref)["id"])
