"""What codes are called, in English: keys of the catalogues in `locale/`."""

from __future__ import annotations

from collections.abc import Mapping


def mark(english: str) -> str:
    """Says that a text is in the catalogues, where it is not asked for by name."""
    return english


LABELS: Mapping[str, Mapping[str, str]] = {
    "audience": {
        "residents": mark("For residents"),
        "professionals": mark("For professionals"),
        "young-people": mark("For the young"),
    },
    "in-language": {
        "fi": mark("in Finnish"),
        "sv": mark("in Swedish"),
        "en": mark("in English"),
    },
    "source": {
        "ptv": "Suomi.fi",
        "lahella": "Lähellä.fi",
        "content": mark("Editors of the tray"),
    },
    "scope": {
        "municipality": mark("In your municipality"),
        "region": mark("In the whole region"),
        "nationwide": mark("In all Finland"),
    },
    "price": {
        "free": mark("Free of charge"),
        "paid": mark("With a charge"),
    },
    "channel": {
        "place": mark("Visit in person"),
        "phone": mark("Phone"),
        "e-service": mark("Online service"),
        "web-page": mark("Web page"),
        "printable-form": mark("Form to print"),
    },
    "provider": {
        "municipality": mark("Municipality"),
        "wellbeing-county": mark("Wellbeing services county"),
        "state": mark("State"),
        "ngo": mark("Association"),
        "parish": mark("Parish"),
        "company": mark("Company"),
        "other": mark("Other"),
    },
    "kind": {
        "service": mark("Service"),
        "hobby": mark("Hobby"),
        "support": mark("Support"),
        "voluntary": mark("Volunteering"),
        "self-care": mark("Self-care"),
        "information": mark("Information"),
        "group": mark("Group"),
        "handbook": mark("Handbook"),
        "recording": mark("Recording"),
        "gathering": mark("Event"),
        "qualification": mark("Qualification"),
        "permit": mark("Permit"),
    },
    "session_within": {
        "1": mark("A session within a day"),
        "7": mark("A session within a week"),
        "30": mark("A session within a month"),
    },
    "report-reason": {
        "ended": mark("The service has ended or is closed"),
        "wrong-contact": mark("A contact detail is wrong"),
        "wrong-time": mark("The time is wrong"),
        "wrong-place": mark("The place is wrong"),
        "unclear": mark("The text is unclear or in the wrong language"),
        "other": mark("Another error"),
    },
    "holiday": {
        "new-years-day": mark("New Year's Day"),
        "epiphany": mark("Epiphany"),
        "maundy-thursday": mark("Maundy Thursday"),
        "good-friday": mark("Good Friday"),
        "easter-sunday": mark("Easter Sunday"),
        "easter-monday": mark("Easter Monday"),
        "may-day-eve": mark("May Day Eve"),
        "may-day": mark("May Day"),
        "ascension-day": mark("Ascension Day"),
        "whit-sunday": mark("Whit Sunday"),
        "midsummer-eve": mark("Midsummer Eve"),
        "midsummer-day": mark("Midsummer Day"),
        "all-saints-day": mark("All Saints' Day"),
        "independence-day": mark("Independence Day"),
        "christmas-eve": mark("Christmas Eve"),
        "christmas-day": mark("Christmas Day"),
        "second-day-of-christmas": mark("Boxing Day"),
        "new-years-eve": mark("New Year's Eve"),
    },
    "accessibility": {
        "ac_wheelchair": mark("Fits a wheelchair"),
        "ac_rollator": mark("Fits a walking frame"),
        "ac_inductionloop": mark("Hearing loop"),
        "ac_itoilet": mark("Accessible toilet"),
        "ac_parking": mark("Parking"),
    },
}
