"""Small v11 rows to begin from, and reading them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.domain.objects import Kind, Organization, Service, ServiceChannel

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "33333333-3333-4333-8333-333333333333"


def texts(**by_language: str | None) -> list[dict[str, Any]]:
    return [{"language": language, "value": value} for language, value in by_language.items()]


def named(kind: str = "Name", **by_language: str) -> list[dict[str, Any]]:
    return [{**one, "type": kind} for one in texts(**by_language)]


def words(found: LocalizedText) -> dict[str, str]:
    return {language: text.text for language, text in found.items()}


def service(left_out: Counter[str] | None = None, **row: Any) -> Service:
    whole = {"id": ID, "type": "Service", "serviceNames": named(fi="Neuvonta", sv="Rådgivning"), **row}
    found = PtvV11.read(Kind.SERVICE, whole, Counter() if left_out is None else left_out)
    assert isinstance(found, Service)
    return found


def channel(kind: str, left_out: Counter[str] | None = None, **row: Any) -> Any:
    whole = {"id": ID, "serviceChannelType": kind, "serviceChannelNames": named(fi="Piste"), **row}
    found = PtvV11.read(Kind.CHANNEL, whole, Counter() if left_out is None else left_out)
    assert isinstance(found, ServiceChannel)
    return found.channel


def organization(**row: Any) -> Organization:
    whole = {"id": ID, "organizationNames": named(fi="Järjestäjä"), **row}
    found = PtvV11.read(Kind.ORGANIZATION, whole, Counter())
    assert isinstance(found, Organization)
    return found
