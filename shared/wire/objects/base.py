"""How every object is written and read."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, post_load

from shared.wire.fields import Ident


class ObjectSchema(Schema):
    """Writes and reads `makes`."""

    makes: ClassVar[type[Any]]

    class Meta:
        unknown = EXCLUDE

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Any:
        return self.makes(**data)


@dataclass(frozen=True)
class Named:
    """A person as others see her."""

    id: UUID
    name: str


class NamedSchema(ObjectSchema):
    """A person as others see her."""

    makes = Named

    id = Ident(required=True)
    name = fields.String(required=True)
