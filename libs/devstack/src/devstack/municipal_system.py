"""A municipal system as its maker would write it: reads its referral topic, opens what is sealed, answers signed.

It uses a plain Kafka client, the published contracts and standard JOSE, nothing of the county's services.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from aiokafka import AIOKafkaProducer
from joserfc.jwk import ECKey, KeySet

from chassis.core.clock import new_id
from chassis.kafka.follow import read_all
from chassis.kafka.settings import KafkaSettings
from chassis.sealing.file_keys import new_key, read_key_set, write_key_set
from chassis.sealing.seal import seal, sign, unseal
from event_schemas.base import Event
from event_schemas.codec import headers_of, read_record
from event_schemas.contracts import model_for
from event_schemas.envelope import Envelope
from event_schemas.ids import EventId, ReceiverId
from event_schemas.referral import ReferralSent
from event_schemas.referral_content import ReferralContent
from event_schemas.referral_reply import ReferralReplied, ReplyStatement, ReplyStatus
from event_schemas.sealed import Sealed


@dataclass(frozen=True, slots=True)
class ReceivedReferral:
    """A referral as the municipality has it once opened; `event_id` is what replies answer."""

    event_id: str
    event: ReferralSent
    content: ReferralContent


@dataclass(frozen=True, slots=True)
class MunicipalKeys:
    """Private keys of one receiver: `enc` opens referrals, `sig` signs replies."""

    enc: ECKey
    sig: ECKey

    @classmethod
    def create(cls, receiver: str, *, private: Path, public: Path) -> MunicipalKeys:
        """Makes the pair unless `<private>/<receiver>.jwks.json` is there, and registers the public halves."""
        file = private / f"{receiver}.jwks.json"
        private.mkdir(parents=True, exist_ok=True)
        public.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            write_key_set(file, [new_key(receiver, "enc"), new_key(receiver, "sig")], private=True)
        enc, sig = read_key_set(file)
        jwks = json.dumps(KeySet([enc, sig]).as_dict(private=False))
        (public / file.name).write_text(jwks, encoding="utf-8")
        return cls(enc, sig)


class MunicipalSystem:
    """One receiver's system; `county_key` is the county's public key that replies are sealed to."""

    def __init__(self, kafka: KafkaSettings, receiver: str, *, keys: MunicipalKeys, county_key: ECKey) -> None:
        self.receiver = ReceiverId(receiver)
        self.keys = keys
        self._kafka = kafka
        self._county_key = county_key

    async def events(self) -> AsyncIterator[tuple[Envelope, Event]]:
        """Everything on the receiver's topic up to its present end."""
        async for record in read_all(self._kafka, f"hyte.referrals.{self.receiver}.v1"):
            envelope, data = read_record(record.headers, record.value)
            if data is not None:
                yield envelope, model_for(envelope.type).from_json(data)

    async def referrals(self) -> list[ReceivedReferral]:
        """The referrals sent so far, opened with the private key."""
        return [
            self.opened(envelope.id, event)
            async for envelope, event in self.events()
            if isinstance(event, ReferralSent)
        ]

    def opened(self, event_id: str, event: ReferralSent) -> ReceivedReferral:
        """The referral with what was sealed for this receiver."""
        if event.sealed.jwe is None:
            raise ValueError("the referral is not in the event")
        content = ReferralContent.from_json(unseal(event.sealed.jwe, [self.keys.enc]))
        return ReceivedReferral(event_id, event, content)

    def statement(self, referral: ReceivedReferral, status: ReplyStatus, *, ce_id: UUID) -> ReplyStatement:
        """What the receiver says of the referral, bound to the record that will carry it."""
        return ReplyStatement(
            referral_id=referral.event.referral_id,
            ce_id=EventId(str(ce_id)),
            receiver=self.receiver,
            answers=EventId(referral.event_id),
            status=status,
            at=datetime.now(UTC),
        )

    def sealed_reply(self, statement: ReplyStatement, *, signer: ECKey | None = None) -> ReferralReplied:
        """The statement signed with the receiver's key, sealed for the county."""
        signed = sign(statement.to_json(), signer or self.keys.sig)
        jwe = seal(signed.encode(), self._county_key)
        sealed = Sealed(key_id=str(self._county_key.kid), jwe=jwe)
        return ReferralReplied(referral_id=statement.referral_id, receiver=self.receiver, sealed=sealed)

    async def reply(self, referral: ReceivedReferral, status: ReplyStatus) -> UUID:
        """Signs, seals and publishes an answer; returns its `ce_id`."""
        ce_id = new_id()
        await self.publish(self.sealed_reply(self.statement(referral, status, ce_id=ce_id)), ce_id=ce_id)
        return ce_id

    async def publish(
        self, event: ReferralReplied, *, ce_id: UUID, topic_of: str | None = None, copies: int = 1
    ) -> None:
        """Writes the event as a CloudEvent; `topic_of` names another receiver's topic, `copies` delivers it again."""
        topic = f"hyte.referral-replies.{topic_of or self.receiver}.v1"
        envelope = Envelope(
            id=str(ce_id),
            source=f"urn:municipal-system:{self.receiver}",
            type=event.event_type,
            time=datetime.now(UTC),
            subject=event.referral_id,
            dataschema=event.dataschema(),
        )
        producer = AIOKafkaProducer(bootstrap_servers=self._kafka.kafka, enable_idempotence=True)
        await producer.start()
        try:
            for _ in range(copies):
                await producer.send_and_wait(
                    self._kafka.on_broker(topic),
                    value=event.to_json(),
                    key=event.referral_id.encode(),
                    headers=headers_of(envelope),
                )
        finally:
            await producer.stop()
