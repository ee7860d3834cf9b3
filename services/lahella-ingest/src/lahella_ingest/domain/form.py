"""In which form stored activities were made into listings."""

from __future__ import annotations

from hashlib import sha256

from lahella_ingest.domain.rules import Rules

FORM = 1
"""Goes up by one with every change of how an activity becomes a listing: the next start derives all listings anew."""


def form_of(rules: Rules) -> str:
    """Differs when the code or an operator's rules would make other listings of the same activities."""
    regions, scope = rules.regions, rules.scope
    lists = (sorted(regions.cities.items()), sorted(regions.states.items()))
    places = (sorted(scope.municipalities), sorted(scope.regions), scope.nationwide)
    return f"{FORM}-{sha256(repr((lists, places)).encode()).hexdigest()[:16]}"
