"""Closed models of the parts that several PTV v12 objects share: areas, hours, phones, addresses, links."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Language = Literal["fi", "sv", "en", "se", "smn", "sms"]
Text = dict[Language, str]
NullableText = dict[Language, str | None]
ContentId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Code = Annotated[str, Field(pattern=r"^[a-zA-Z0-9]+(\.[a-zA-Z0-9]+)*$")]
Uri = Annotated[str, Field(pattern=r"^https?://")]
MunicipalityCode = Annotated[str, Field(pattern=r"^\d{3}$")]
TwoDigitCode = Annotated[str, Field(pattern=r"^\d{2}$")]


class Wire(BaseModel):
    """An object of the wire: camel case, no unknown field."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class Published(Wire):
    content_id: ContentId
    published_at: Instant | None
    migrated_at: Instant | None = None


class WholeCountry(Wire):
    area_type: Literal["WholeCountry", "WholeCountryExceptAland"]


class LimitedArea(Wire):
    area_type: Literal["LimitedArea"]
    municipalities: list[MunicipalityCode]
    regions: list[TwoDigitCode]
    wellbeing_services_counties: list[TwoDigitCode]


class MunicipalityArea(Wire):
    """The short area of a municipality as an organisation: one municipality, no other list."""

    area_type: Literal["LimitedArea"]
    municipalities: Annotated[list[MunicipalityCode], Field(min_length=1, max_length=1)]


Area = Annotated[WholeCountry | LimitedArea, Field(discriminator="area_type")]


class HolidayInterval(Wire):
    start: ClockTime
    end: ClockTime
    opening_status: Literal["Open", "Closed", "OpenOnReservation"]
    additional_information: Text


class ExceptionalInterval(HolidayInterval):
    repetition: Literal["Weekly", "OddWeeks", "EvenWeeks"]


class OrdinaryInterval(Wire):
    start: ClockTime
    end: ClockTime
    opening_status: Literal["Open", "OpenOnReservation"]
    additional_information: Text
    repetition: Literal["Weekly", "OddWeeks", "EvenWeeks"]


class OrdinaryDay(Wire):
    hours: list[OrdinaryInterval]


class ExceptionalDay(Wire):
    hours: list[ExceptionalInterval]


DayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class HoursEntry(Wire):
    heading: Text
    additional_information: Text


class WeeklyOpenEnded(HoursEntry):
    type: Literal["WeeklyUntilFurtherNoticeServiceHour"]
    weekly_hours: dict[DayName, OrdinaryDay]


class WeeklyDated(HoursEntry):
    type: Literal["WeeklyDateRangeServiceHour"]
    from_date: Day
    to_date: Day
    weekly_hours: dict[DayName, OrdinaryDay]


class ExceptionalDated(HoursEntry):
    type: Literal["ExceptionalDateRangeServiceHour"]
    from_date: Day
    to_date: Day
    weekly_hours: dict[DayName, ExceptionalDay]


class AlwaysOpen(HoursEntry):
    type: Literal["ContinuousAlwaysValidServiceHour"]
    opening_status: Literal["Open", "OpenOnReservation"]


class ContinuousOpenEnded(HoursEntry):
    type: Literal["ContinuousWeekdaysUntilFurtherNoticeServiceHour"]
    opening_status: Literal["Open", "OpenOnReservation"]
    from_day: Weekday
    to_day: Weekday
    from_time: ClockTime
    to_time: ClockTime


class ContinuousDated(HoursEntry):
    type: Literal["ContinuousDateRangeServiceHour"]
    opening_status: Literal["Open", "OpenOnReservation"]
    from_date: Day
    to_date: Day
    from_day: Weekday
    to_day: Weekday
    from_time: ClockTime
    to_time: ClockTime


AnyHours = Annotated[
    WeeklyOpenEnded | WeeklyDated | ExceptionalDated | AlwaysOpen | ContinuousOpenEnded | ContinuousDated,
    Field(discriminator="type"),
]
HolidayName = Literal[
    "NewYearEve", "NewYearDay", "Epiphany", "MaundyThursday", "GoodFriday", "EasterSunday", "EasterMonday",
    "MayDayEve", "MayDay", "AscensionDay", "WhitSunday", "MidsummerEve", "MidsummerDay", "AllSaintsDay",
    "IndependenceDay", "ChristmasEve", "ChristmasDay", "SecondDayOfChristmas",
]  # fmt: skip


class EveryYear(Wire):
    type: Literal["RepetitionEveryYear"]


class SelectedYears(Wire):
    type: Literal["RepetitionInSelectedYears"]
    years: list[int]


class Holiday(Wire):
    holiday_name: HolidayName
    hours: list[HolidayInterval]


class HolidayHours(Wire):
    repetition: Annotated[EveryYear | SelectedYears, Field(discriminator="type")]
    holidays: list[Holiday]


class ServiceHours(Wire):
    hours: list[AnyHours]
    holiday_service_hours: HolidayHours | None


class PhoneCharge(Wire):
    number: str
    charge_type: Literal["Free", "Charged", "ExtraCharge"]
    charge_description: str | None
    additional_information: str | None


class DomesticPhone(PhoneCharge):
    type: Literal["DomesticPhone"]


class InternationalPhone(PhoneCharge):
    type: Literal["InternationalPhone"]
    dial_code: Annotated[str, Field(pattern=r"^\+\d{1,4}$")]


class Fax(PhoneCharge):
    type: Literal["Fax"]
    dial_code: str


class Sms(PhoneCharge):
    type: Literal["Sms"]
    dial_code: str


VoicePhone = Annotated[DomesticPhone | InternationalPhone, Field(discriminator="type")]
AnyPhone = Annotated[DomesticPhone | InternationalPhone | Fax | Sms, Field(discriminator="type")]


class Email(Wire):
    email: str


class EmailWithInfo(Email):
    additional_information: str | None


class Link(Wire):
    name: str
    url: str


class LinkWithInfo(Link):
    additional_information: str | None


class WebAddress(Wire):
    name: str | None
    url: str | None


class Coordinate(Wire):
    """A point in ETRS-TM35FIN (EPSG:3067), metres."""

    system: Literal["EPSG:3067", "Unknown"]
    source: Literal["NLS", "User", "AccessibilityRegister"]
    easting: Annotated[float, Field(ge=43_500, le=765_000)]
    northing: Annotated[float, Field(ge=6_522_000, le=7_796_000)]


class AddressSource(Wire):
    source: Literal["UserEntered", "Posti"]


class StreetAddress(Wire):
    address_source: AddressSource
    street_name: Text
    address_detail: str
    postal_code: Annotated[str, Field(pattern=r"^\d{5}$")]
    coordinates: list[Coordinate]
    additional_information: Text


class ChannelStreetAddress(StreetAddress):
    accessibility_register_service_point_id: str | None


class PostOfficeBox(Wire):
    postal_code: str
    post_office_box: Text
    additional_information: Text


class ForeignAddress(Wire):
    address: Text
    country_code: str


class OtherAddress(Wire):
    postal_code: str | None
    coordinates: list[Coordinate]
    additional_information: Text


class ContactAddresses(Wire):
    foreign_addresses: list[ForeignAddress]
    post_office_box_addresses: list[PostOfficeBox]
    street_addresses: list[StreetAddress]


class ChannelLocation(Wire):
    foreign_addresses: list[ForeignAddress]
    other_addresses: list[OtherAddress]
    street_addresses: list[ChannelStreetAddress]


class OrganizationLocation(Wire):
    foreign_addresses: list[ForeignAddress]
    other_addresses: list[OtherAddress]
    street_addresses: list[StreetAddress]
