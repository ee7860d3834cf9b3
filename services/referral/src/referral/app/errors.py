"""Refusals that a caller tells apart."""

from __future__ import annotations

from chassis.core.errors import PermanentError
from event_schemas.ids import ReferralId
from referral.domain.states import State


class UnknownReferral(PermanentError):
    """There is no such referral."""

    def __init__(self) -> None:
        super().__init__("unknown-referral", "there is no such referral")


class AlreadyReferred(PermanentError):
    """The same client has been referred to the same today; sent again only on purpose.

    `state` is what the referrer may see of it.
    """

    def __init__(self, referral_id: ReferralId, state: State) -> None:
        super().__init__("already-referred", "this client has an open referral of this type from today")
        self.referral_id = referral_id
        self.state = state
