"""What a reader of the topic knows, and what it should know by what the source holds."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from devstack.simulators.lahella.activities import Activities, Held
from event_schemas.listing import ListingPublished
from lahella_ingest.adapters.assumed_groups import organization_of
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import Verdict, judge


@dataclass
class Live:
    """A reader of the topic: the bodies published now. Refuses an event that tells nothing new."""

    bodies: dict[str, bytes] = field(default_factory=dict)

    def follow(self, events: Sequence[tuple[str, str, bytes | None]]) -> int:
        """Applies events (key, type, body) in their order; returns how many of them were on listings."""
        listings = [(key, kind, body) for key, kind, body in events if ".listing." in kind]
        for key, kind, body in listings:
            if kind == ListingPublished.event_type and body is not None:
                assert self.bodies.get(key) != body, f"{key} was published again without a change"
                self.bodies[key] = body
            elif body is not None:
                assert self.bodies.pop(key, None) is not None, f"{key} was removed twice"
        return len(listings)

    def contents(self, *, without: Collection[str] = ()) -> dict[str, bytes]:
        return {key: _content(body) for key, body in self.bodies.items() if key not in without}


def truth(held: Activities, rules: Rules, now: datetime) -> dict[str, Verdict]:
    """What is to become of every activity that the source holds, by listing."""

    def verdict(one: Held) -> Verdict:
        group = held.groups[one.group]
        linked = {one.group: {"name": group.name, "businessId": group.business_id}}
        organization = organization_of({"group": one.group}, linked, {})
        return judge(read_activity(_received(one.wire)), organization, rules, now)

    return {f"lahella:{key}": verdict(one) for key, one in held.held.items()}


def contents(verdicts: Mapping[str, Verdict]) -> dict[str, bytes]:
    return {key: _content(one.listing.to_json()) for key, one in verdicts.items() if one.listing}


def _content(body: bytes) -> bytes:
    """Without points on the map: those the server moves by itself, and a listing keeps the first."""
    return re.sub(rb'"point":{[^}]*}', b"", body)


def _received(wire: dict[str, Any]) -> Any:
    """As a reader of JSON has it, who can't hold half a surrogate pair."""
    return json.loads(json.dumps(wire).replace("\\ud83d", "\\ufffd"))
