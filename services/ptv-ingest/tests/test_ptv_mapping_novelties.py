"""Nulls, missing and new members, and words nobody knows, anywhere in a row of any kind: at most that row is lost."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import PtvSource, RowRejected
from ptv_ingest.domain.objects import Kind

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
Chosen = tuple[type[PtvSource], Kind, dict[str, Any]]

SAID = [{"language": "fi", "value": "Sana", "type": "Name"}, {"language": "sv", "value": "Ord", "type": "Summary"}]
MAIL = [{"language": "fi", "value": "a@e.example"}]
FILES = [{"language": "fi", "value": "https://e.example/a.pdf", "type": "PDF"}]
CLASSES = [{"code": "P1", "uri": "http://urn.fi/x", "newUri": "http://uri.suomi.fi/codelist/ptv/x/code/P1"}]
NUMBERS = [
    {"type": "Phone", "prefixNumber": "+358", "number": "36212000", "language": "fi", "serviceChargeType": "Other"}
]
PAGES = [{"url": "www.e.example", "value": "Sivu", "language": "fi"}]
STREET = {
    "street": SAID,
    "streetNumber": "1",
    "postalCode": "13100",
    "municipality": {"code": "109"},
    "latitude": "6764985",
    "longitude": "362860",
    "coordinateState": "Ok",
}
ADDRESSES = [
    {"type": "Location", "subType": "Single", "streetAddress": STREET, "country": "FI", "entrances": [{"name": SAID}]},
    {"type": "Postal", "subType": "PostOfficeBox", "postOfficeBoxAddress": {"postOfficeBox": SAID}},
    {"type": "Location", "subType": "Abroad", "locationAbroad": SAID, "country": "EE"},
]
HOURS = [
    {"serviceHourType": kind, "validFrom": "2026-12-24T00:00:00", "isClosed": False, "openingHour": [opening]}
    for kind in ("DaysOfTheWeek", "Exceptional", "OverMidnight")
    for opening in [{"dayFrom": "Friday", "dayTo": "Saturday", "from": "18:00:00", "to": "02:00:00"}]
]
V11_CHANNEL = {
    "id": ID,
    "serviceChannelNames": SAID,
    "displayNameType": SAID,
    "serviceChannelDescriptions": SAID,
    "areaType": "LimitedType",
    "areas": [{"type": "Municipality", "municipalities": [{"code": "109"}]}],
    "languages": ["fi"],
    "phoneNumbers": NUMBERS,
    "supportPhones": NUMBERS,
    "emails": MAIL,
    "webPages": PAGES,
    "attachments": PAGES,
    "channelUrls": FILES,
    "formIdentifier": SAID,
    "deliveryAddresses": [{"subType": "Street", "streetAddress": STREET, "receiver": SAID}],
    "addresses": ADDRESSES,
    "serviceHours": HOURS,
    "requiresSignature": True,
    "signatureQuantity": 1,
    "accessibilityClassification": [{"language": "fi", "accessibilityClassificationLevel": "Unknown"}],
    "modified": "2026-04-22T09:35:58.293984",
}
V11_SERVICE = {
    "id": ID,
    "type": "Service",
    "serviceNames": SAID,
    "serviceDescriptions": SAID,
    "areaType": "Nationwide",
    "serviceClasses": CLASSES,
    "ontologyTerms": CLASSES,
    "industrialClasses": CLASSES,
    "keywords": SAID,
    "legislation": [{"names": SAID, "webPages": PAGES}],
    "serviceVouchersInUse": True,
    "serviceVouchers": PAGES,
    "organizations": [
        {"organization": {"id": OTHER, "name": "Kunta"}, "roleType": "Responsible"},
        {"roleType": "Producer", "provisionType": "Other", "additionalInformation": SAID},
    ],
}
V11_ORGANIZATION = {
    "id": ID,
    "organizationType": "Municipality",
    "municipality": {"code": "109"},
    "businessCode": "0116297-6",
    "organizationNames": SAID,
    "emails": MAIL,
    "phoneNumbers": NUMBERS,
    "webPages": PAGES,
}
HELD = {
    "serviceChannel": {"id": OTHER, "name": "x"},
    "description": SAID,
    "serviceHours": HOURS,
    "contactDetails": {"emails": MAIL, "phoneNumbers": NUMBERS, "webPages": PAGES, "addresses": ADDRESSES},
}
INTERVAL = {"start": "08:00", "end": "16:00", "openingStatus": "Open", "repetition": "OddWeeks"}
V12_HOURS = {
    "hours": [
        {"type": "WeeklyUntilFurtherNoticeServiceHour", "weeklyHours": {"monday": {"hours": [INTERVAL]}}},
        {"type": "ExceptionalDateRangeServiceHour", "fromDate": "2026-12-24", "toDate": "2026-12-26"},
        {"type": "ContinuousDateRangeServiceHour", "fromDay": "Monday", "toDay": "Friday", "fromTime": "10:00"},
    ],
    "holidayServiceHours": {
        "repetition": {"type": "RepetitionInSelectedYears", "years": [2026]},
        "holidays": [{"holidayName": "MayDay", "hours": [INTERVAL]}],
    },
}
V12_STREET = {
    "streetName": {"fi": "Katu"},
    "addressDetail": "1",
    "postalCode": "13100",
    "coordinates": [{"system": "EPSG:3067", "source": "NLS", "easting": 362860.5, "northing": 6764985.3}],
    "additionalInformation": {"fi": "Piha"},
}
LINK = {"name": "Sivu", "url": "www.e.example", "additionalInformation": "x"}
NUMBER = {"type": "Sms", "dialCode": "+358", "number": "401234567", "chargeType": "Free"}
V12_BLOCK = {
    "name": "Nimi",
    "description": "* yksi",
    "voucher": {"voucherType": "WithUrl", "urls": [LINK]},
    "freelyAssignedKeywords": ["sana"],
    "legislationLinks": [LINK],
    "webAddress": LINK,
    "formFiles": [{**LINK, "type": "pdf"}],
    "contactWebPages": [LINK],
    "contactPhoneNumbers": [NUMBER],
    "contactEmails": [{"email": "a@e.example"}],
}
V12 = {
    "contentId": ID,
    "serviceContentId": ID,
    "channelContentId": OTHER,
    "organizationContentId": OTHER,
    "serviceType": "Service",
    "organizationType": "Organization",
    "businessId": "0116297-6",
    "serviceClasses": ["P1"],
    "serviceLanguages": ["fi"],
    "chargeType": "Charged",
    "producers": {"otherProducers": {"organizations": [OTHER], "other": [{"name": {"fi": "Oy"}}]}},
    "area": {"areaType": "LimitedArea", "municipalities": ["109"], "regions": ["05"]},
    "serviceHours": V12_HOURS,
    "location": {"streetAddresses": [V12_STREET]},
    "contactAddresses": {"postOfficeBoxAddresses": [{"postOfficeBox": {"fi": "PL 1"}}]},
    "deliveryAddresses": [{**V12_STREET, "recipient": {"fi": "Kirjaamo"}}],
    "electronicSignature": {"type": "Required", "numberOfRequiredSignatures": 1},
    "publishedAt": "2026-11-02T08:00:00.250Z",
    "languageVersions": {"fi": V12_BLOCK, "sv": {"name": "Namn"}},
}
V11_KINDS = ("ServiceLocation", "EChannel", "Phone", "WebPage", "PrintableForm")
V12_KINDS = ("ServiceLocation", "EService", "TelephoneService", "WebPage", "PrintableForm")
ROWS: list[Chosen] = [
    *((PtvV11, Kind.CHANNEL, {**V11_CHANNEL, "serviceChannelType": kind}) for kind in V11_KINDS),
    (PtvV11, Kind.SERVICE, V11_SERVICE),
    (PtvV11, Kind.GENERAL_DESCRIPTION, {"id": ID, "names": SAID, "descriptions": SAID, "serviceClasses": CLASSES}),
    (PtvV11, Kind.ORGANIZATION, V11_ORGANIZATION),
    (PtvV11, Kind.CONNECTION, {"serviceId": ID, "connection": HELD}),
    *((PtvV12, Kind.CHANNEL, {**V12, "serviceChannelType": kind}) for kind in V12_KINDS),
    *((PtvV12, kind, V12) for kind in Kind if kind != Kind.CHANNEL),
]
NOVELTIES = st.sampled_from([None, "", "Unknown", "javascript:x", 7, True, [], {}, ["x", None], {"x": 1}])


@pytest.mark.parametrize("chosen", ROWS, ids=lambda chosen: f"{chosen[0].name}-{chosen[1]}")
def test_row_as_it_should_be_is_read_with_nothing_left_out(chosen: Chosen) -> None:
    source, kind, row = chosen
    left_out: Counter[str] = Counter()
    assert source.read(kind, row, left_out).object_id in (ID, f"{ID}/{OTHER}")
    assert +left_out == Counter()


@pytest.mark.parametrize("chosen", ROWS, ids=lambda chosen: f"{chosen[0].name}-{chosen[1]}")
def test_new_members_everywhere_change_nothing(chosen: Chosen) -> None:
    source, kind, row = chosen
    extended = copied(row)
    for holder in _holders(extended):
        if isinstance(holder, dict):
            holder["futureThing"] = {"x": 1}
    assert source.read(kind, extended, Counter()) == source.read(kind, row, Counter())


@settings(max_examples=1200, derandomize=True, deadline=None)
@given(st.data(), st.integers(0, len(ROWS) - 1), st.integers(1, 4))
def test_nulls_gaps_and_unknown_words_anywhere_reject_the_row_at_most(
    data: st.DataObject, which: int, many: int
) -> None:
    source, kind, row = ROWS[which]
    changed = copied(row)
    for _ in range(many):
        if holders := _holders(changed):
            _change(data, holders[data.draw(st.integers(0, len(holders) - 1))])
    source.outline(kind, changed)
    with suppress(RowRejected):
        source.read(kind, changed, Counter())


def copied(value: Any) -> Any:
    """As it comes over the wire: no two parts of it are one."""
    return orjson.loads(orjson.dumps(value))


def _change(data: st.DataObject, holder: Any) -> None:
    """One member of it is replaced or dropped."""
    key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else list(range(len(holder)))))
    if data.draw(st.booleans()):
        holder[key] = copied(data.draw(NOVELTIES))
    else:
        del holder[key]


def _holders(value: Any) -> list[Any]:
    """Every object and list in it that holds something."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [
        *([value] if isinstance(value, dict | list) and value else []),
        *(one for part in inner for one in _holders(part)),
    ]
