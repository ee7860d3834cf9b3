"""A referral's content at rest, and sealed for its receiver."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.core.errors import PermanentError
from chassis.sealing.vault import Vault
from event_schemas.ids import AnyMunicipalityCode, ReferralId
from event_schemas.receivers import Receiver
from event_schemas.referral_content import Consent, ReferralContent
from referral.app.ports import Work
from referral.domain.referral import GivenConsent, NewReferral


class StoredContent(BaseModel):
    """What is encrypted in the database: what the receiver learns, and what is ours alone to know."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    municipality: AnyMunicipalityCode
    content: ReferralContent

    def to_json(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()


def content_for(referral_id: ReferralId, new: NewReferral, consent: GivenConsent, receiver: Receiver) -> StoredContent:
    """Raises PermanentError `unreachable-client` when the one who is to make the contact has no means to."""
    try:
        content = ReferralContent(
            referral_id=referral_id,
            referral_type=new.referral_type,
            client=new.client,
            reasons=new.reasons,
            restrictions=new.restrictions,
            free_text=new.free_text,
            wish=new.wish,
            referrer=new.referrer,
            consent=_consent(new, consent, receiver),
            contact_mode=new.contact_mode or receiver.contact_mode,
            chosen_entries=new.chosen_entries,
        )
    except ValidationError:
        # The parts were checked one by one at the edge; together they can only fail this one rule.
        raise PermanentError(
            "unreachable-client", "the adviser needs the client's phone number or e-mail address"
        ) from None
    return StoredContent(municipality=new.municipality, content=content)


def _consent(new: NewReferral, consent: GivenConsent, receiver: Receiver) -> Consent:
    return Consent(
        text_version=consent.text_version,
        given_at=consent.given_at,
        form=consent.form,
        recorded_by=new.referrer.name,
        receiver=receiver.id,
        feedback=consent.feedback,
        safe_channels=consent.safe_channels,
    )


async def stored_content(work: Work, vault: Vault, referral_id: ReferralId) -> StoredContent | None:
    """The decrypted content; None once erased."""
    encrypted = await work.referrals.encrypted(referral_id)
    if encrypted is None:
        return None
    return StoredContent.model_validate_json(vault.decrypt(referral_id, encrypted))
