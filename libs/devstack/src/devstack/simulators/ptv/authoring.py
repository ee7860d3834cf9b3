"""The compact form in which a person writes the simulator's content (the YAML files of `devstack/data/ptv`)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from devstack.simulators.ptv.wire_parts import HolidayName, Language, Text


class Sheet(BaseModel):
    """One authored thing; a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HoursSheet(Sheet):
    """One opening rule. Exactly one of `week`, `exception`, `always`, `stretch` is given.

    `week`, `exception`: days (`mon`, `mon-fri`, `mon,wed`) to intervals (`09:00-12:00, 13:00-15:00 reservation odd`,
    `closed`).
    `stretch`: one unbroken time, `Thursday 18:00 - Monday 07:00`.
    """

    week: dict[str, str] | None = None
    exception: dict[str, str] | None = None
    always: bool = False
    stretch: str | None = None
    start: date | None = None
    end: date | None = None
    heading: Text = {}
    note: Text = {}


class HolidaySheet(Sheet):
    """What happens on named holidays: intervals as in `HoursSheet`; every year unless `years` says which."""

    years: list[int] = []
    days: dict[HolidayName, str]


class PhoneSheet(Sheet):
    """`dial_code` turns a domestic number into an international one, a fax or an SMS number."""

    number: str
    kind: Literal["voice", "fax", "sms"] = "voice"
    dial_code: str | None = None
    charge: Literal["Free", "Charged", "ExtraCharge"] = "Charged"
    charge_note: str | None = None
    note: str | None = None


class AddressSheet(Sheet):
    """A place: a street address, a PO box (`po_box`), free words (`place`), or an address abroad (`abroad`)."""

    street: Text = {}
    number: str = ""
    postal_code: str | None = None
    po_box: Text = {}
    place: Text = {}
    abroad: Text = {}
    country: str | None = None
    at: tuple[float, float] | None = Field(default=None, description="EPSG:3067 easting, northing in metres")
    note: Text = {}
    accessibility_point: str | None = None
    recipient: Text = {}


class ServiceTextSheet(Sheet):
    name: str
    alternative_name: str | None = None
    summary: str | None = None
    description: str | None = None
    background: str | None = None
    instructions: str | None = None
    conditions: str | None = None
    charge_note: str | None = None
    validity: str | None = None
    keywords: list[str] = []
    laws: dict[str, str] = {}
    voucher: str | dict[str, str] | None = Field(default=None, description="words, or link names to addresses")


class ContactTextSheet(Sheet):
    """What a connection adds in one language."""

    description: str | None = None
    charge_note: str | None = None
    phones: list[PhoneSheet | str] = []
    emails: list[str] = []
    web: dict[str, str] = {}


class ConnectionSheet(Sheet):
    channel: str
    texts: dict[Language, ContactTextSheet] = {}
    charge: Literal["Free", "Charged", "Other"] | None = None
    hours: list[HoursSheet] = []
    holidays: HolidaySheet | None = None
    addresses: list[AddressSheet] = []


class ClassifiedSheet(Sheet):
    id: str
    organisation: str
    type: Literal["Service", "ProfessionalQualification", "PermitOrOtherObligation"] = "Service"
    classes: list[str] = []
    targets: list[str] = []
    terms: list[str] = []
    life_events: list[str] = []
    industries: list[str] = []
    charge: Literal["Free", "Charged"] | None = None
    published: str | None = "2026-09-01T06:00:00.000Z"
    migrated: str | None = None
    texts: dict[Language, ServiceTextSheet]


class ServiceSheet(ClassifiedSheet):
    """`area` is as in `expand_parts.area`; `producers` and `bought_from` hold organisation ids or plain names."""

    area: str | list[str]
    languages: list[str] = ["fi"]
    funding: Literal["MarketFunded", "PubliclyFunded"] | None = "PubliclyFunded"
    general_description: str | None = None
    also_responsible: list[str] = []
    producers: list[str] | None = None
    bought_from: list[str] = []
    channels: list[str | ConnectionSheet] = []


class GeneralDescriptionSheet(ClassifiedSheet):
    for_whom: list[Literal["Church", "EmploymentArea", "Municipality", "Other", "WellbeingServicesCounty"]]


class ChannelTextSheet(Sheet):
    name: str
    alternative_name: str | None = None
    show_alternative: bool = False
    summary: str | None = None
    description: str | None = None
    web: dict[str, str] = {}
    attachments: dict[str, str] = {}
    files: dict[str, str] = {}
    form: str | None = None
    emails: list[str] = []
    phones: list[PhoneSheet | str] = []
    accessibility: Literal["FullyCompliant", "PartiallyCompliant", "NonCompliant", "Unknown"] = "Unknown"


class ChannelSheet(Sheet):
    id: str
    organisation: str
    kind: Literal["EService", "TelephoneService", "PrintableForm", "ServiceLocation", "WebPage"]
    area: str | list[str] | None = None
    languages: list[str] = ["fi"]
    open_to_all: bool = False
    published: str | None = "2026-09-01T06:00:00.000Z"
    migrated: str | None = None
    signatures: int = 0
    identification: bool = False
    texts: dict[Language, ChannelTextSheet]
    hours: list[HoursSheet] = []
    holidays: HolidaySheet | None = None
    addresses: list[AddressSheet] = []
    post: list[AddressSheet] = []


class OrganisationTextSheet(Sheet):
    name: str
    alternative_name: str | None = None
    show_alternative: bool = False
    summary: str | None = None
    description: str | None = None
    emails: dict[str, str | None] = {}
    web: dict[str, str] = {}
    phones: list[PhoneSheet | str] = []


class OrganisationSheet(Sheet):
    id: str
    type: Literal["State", "Municipality", "RegionalOrganization", "Organization", "Company"]
    business_id: str
    parent: str | None = None
    oid: str | None = None
    area: str | list[str]
    texts: dict[Language, OrganisationTextSheet]
    addresses: list[AddressSheet] = []
    post: list[AddressSheet] = []
    e_invoice: str | None = None
    published: str | None = "2026-06-01T07:00:00Z"
    migrated: str | None = None


class CollectionTextSheet(Sheet):
    name: str
    summary: str | None = None
    description: str | None = None


class CollectionSheet(Sheet):
    """A service collection: what an organisation shows together."""

    id: str
    organisation: str
    texts: dict[Language, CollectionTextSheet]
    services: list[str] = []
    channels: list[str] = []
