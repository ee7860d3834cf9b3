"""What makes a service or a place accessible."""

from pydantic import Field

from event_schemas.base import Value
from event_schemas.text import LocalizedText


class Accessibility(Value):
    """Codes as the source gives them, and texts: the sentences of the national register, one per line."""

    features: tuple[str, ...] = ()
    note: LocalizedText = Field(default_factory=dict)
