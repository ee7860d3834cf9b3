"""Referrals in PostgreSQL: codes in the clear, content encrypted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chassis.postgres.database import Connection
from chassis.sealing.vault import Encrypted
from event_schemas.ids import CaseId, MunicipalityCode, ReceiverId, ReferralId
from referral.adapters.statements import queries
from referral.domain.referral import Fact, GivenConsent, Referral, SentEvent
from referral.domain.states import CLOSED, HOW_IT_WENT, Party, State


class PostgresReferrals:
    """Works inside the caller's transaction."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx

    async def add(
        self, referral: Referral, encrypted: Encrypted, consent: GivenConsent, likenesses: Sequence[str]
    ) -> None:
        await queries.add_referral(
            self._tx,
            id=referral.id,
            case_id=referral.case_id,
            referral_type=referral.referral_type,
            municipality=referral.municipality,
            receiver=referral.receiver,
            state=referral.state,
            version=referral.version,
            client_ref=referral.client_ref,
            likenesses=likenesses,
            created_at=referral.created_at,
            created_on=referral.created_on,
            acknowledge_by=referral.acknowledge_by,
        )
        await queries.add_content(self._tx, referral_id=referral.id, ciphertext=encrypted.ciphertext)
        await queries.add_key(self._tx, referral_id=referral.id, wrapped=encrypted.wrapped_key)
        await self._add_consent(referral.id, consent)

    async def _add_consent(self, referral_id: ReferralId, consent: GivenConsent) -> None:
        await queries.add_consent(
            self._tx,
            referral_id=referral_id,
            text_version=consent.text_version,
            given_at=consent.given_at,
            form=consent.form,
            feedback=consent.feedback,
            safe_channels=list(consent.safe_channels),
        )

    async def get(self, referral_id: ReferralId) -> Referral | None:
        return _referral(await queries.get_referral(self._tx, id=referral_id))

    async def lock(self, referral_id: ReferralId) -> Referral | None:
        return _referral(await queries.lock_referral(self._tx, id=referral_id))

    async def save(self, referral: Referral) -> None:
        await queries.save_state(self._tx, id=referral.id, state=referral.state, version=referral.version)

    async def open_of(self, municipality: MunicipalityCode) -> list[ReferralId]:
        rows = queries.open_of(self._tx, municipality=municipality, closed=sorted(CLOSED))
        return [ReferralId(str(row["id"])) async for row in rows]

    async def reroute(self, referral: Referral) -> None:
        await self.save(referral)
        await queries.reroute(
            self._tx,
            id=referral.id,
            municipality=referral.municipality,
            receiver=referral.receiver,
            acknowledge_by=referral.acknowledge_by,
        )

    async def replace_content(self, referral_id: ReferralId, encrypted: Encrypted) -> None:
        await queries.replace_content(self._tx, referral_id=referral_id, ciphertext=encrypted.ciphertext)
        await queries.replace_key(self._tx, referral_id=referral_id, wrapped=encrypted.wrapped_key)

    async def like(self, likenesses: Sequence[str], referral_type: str, on: date) -> ReferralId | None:
        # Sorted, so that two clients who share two likenesses lock them in one order.
        await queries.lock_likenesses(self._tx, likenesses=sorted(likenesses))
        found = await queries.open_referral_like(
            self._tx,
            likenesses=likenesses,
            referral_type=referral_type,
            on=on,
            closed=sorted(CLOSED),
            shown_closed=sorted(CLOSED - HOW_IT_WENT),
        )
        return ReferralId(str(found)) if found is not None else None

    async def encrypted(self, referral_id: ReferralId) -> Encrypted | None:
        row = await queries.encrypted(self._tx, referral_id=referral_id)
        return Encrypted(row["ciphertext"], row["wrapped"]) if row is not None else None

    async def feedback(self, referral_id: ReferralId) -> bool:
        return bool(await queries.feedback(self._tx, referral_id=referral_id))

    async def erase(self, referral_id: ReferralId, at: datetime) -> None:
        await queries.destroy_key(self._tx, referral_id=referral_id)
        await queries.destroy_content(self._tx, referral_id=referral_id)
        await queries.forget_likenesses(self._tx, referral_id=referral_id)
        await queries.end_consent(self._tx, referral_id=referral_id, at=at)

    async def add_fact(self, referral_id: ReferralId, fact: Fact, *, now: datetime) -> None:
        await queries.add_fact(
            self._tx,
            referral_id=referral_id,
            party=fact.party,
            act=fact.act,
            at=fact.at,
            now=now,
            reply_id=fact.reply_id,
            outcome=fact.outcome,
            applied=fact.applied,
        )

    async def facts(self, referral_id: ReferralId) -> list[Fact]:
        rows = queries.facts(self._tx, referral_id=referral_id)
        return [
            Fact(Party(row["party"]), row["act"], row["at"], row["reply_id"], row["outcome"], row["applied"])
            async for row in rows
        ]

    async def add_sent(self, referral_id: ReferralId, event: SentEvent) -> None:
        await queries.add_sent(
            self._tx,
            referral_id=referral_id,
            event_id=event.event_id,
            receiver=event.receiver,
            attempt=event.attempt,
            sent_at=event.sent_at,
        )

    async def sent_events(self, referral_id: ReferralId) -> list[SentEvent]:
        rows = queries.sent_events(self._tx, referral_id=referral_id)
        return [
            SentEvent(row["event_id"], ReceiverId(row["receiver"]), row["attempt"], row["sent_at"])
            async for row in rows
        ]


def _referral(row: Mapping[str, Any] | None) -> Referral | None:
    if row is None:
        return None
    return Referral(
        id=ReferralId(str(row["id"])),
        case_id=CaseId(str(row["case_id"])),
        referral_type=row["referral_type"],
        municipality=MunicipalityCode(row["municipality"]) if row["municipality"] else None,
        receiver=ReceiverId(row["receiver"]) if row["receiver"] else None,
        state=State(row["state"]),
        version=row["version"],
        client_ref=row["client_ref"],
        created_at=row["created_at"],
        created_on=row["created_on"],
        acknowledge_by=row["acknowledge_by"],
    )
