"""Words of the page on which a visitor reports an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.domain.reports import ReportReason


@dataclass(frozen=True, slots=True)
class ReportWords:
    """Words of one language; every reason has its own."""

    heading: str
    lead: str
    question: str
    more: str
    warning: str
    send: str
    choose: str
    too_many: str
    honeypot: str
    thanks: str
    thanks_lead: str
    back: str
    reasons: Mapping[ReportReason, str]


REPORT_WORDS = {
    "fi": ReportWords(
        heading="Ilmoita virheestä",
        lead="Kerro, mikä tiedoissa on väärin. Ilmoitus menee palvelutarjottimen ylläpidolle. Et saa siihen vastausta.",
        question="Mikä on väärin?",
        more="Lisätieto (vapaaehtoinen, enintään 500 merkkiä)",
        warning="Älä kirjoita nimiä, yhteystietoja tai muita henkilötietoja, älä omiasikaan. "
        "Teksti poistetaan 90 päivän kuluttua.",
        send="Lähetä ilmoitus",
        choose="Valitse, mikä on väärin.",
        too_many="Ilmoituksia on tullut lyhyessä ajassa monta. Yritä myöhemmin uudelleen.",
        honeypot="Jätä tämä tyhjäksi",
        thanks="Kiitos ilmoituksesta",
        thanks_lead="Tarkistamme tiedot.",
        back="Takaisin palvelun tietoihin",
        reasons={
            ReportReason.ENDED: "Palvelu on päättynyt tai suljettu",
            ReportReason.CONTACT: "Yhteystieto on väärä",
            ReportReason.TIME: "Aika on väärä",
            ReportReason.PLACE: "Paikka on väärä",
            ReportReason.UNCLEAR: "Teksti on epäselvä tai väärällä kielellä",
            ReportReason.OTHER: "Muu virhe",
        },
    ),
    "sv": ReportWords(
        heading="Anmäl ett fel",
        lead="Berätta vad som är fel i uppgifterna. Anmälan går till dem som sköter servicebrickan. Du får inget svar.",
        question="Vad är fel?",
        more="Mer information (frivilligt, högst 500 tecken)",
        warning="Skriv inga namn, kontaktuppgifter eller andra personuppgifter, inte heller dina egna. "
        "Texten raderas efter 90 dagar.",
        send="Skicka anmälan",
        choose="Välj vad som är fel.",
        too_many="Det har kommit många anmälningar på kort tid. Försök igen senare.",
        honeypot="Lämna detta tomt",
        thanks="Tack för anmälan",
        thanks_lead="Vi kontrollerar uppgifterna.",
        back="Tillbaka till tjänsten",
        reasons={
            ReportReason.ENDED: "Tjänsten har upphört eller är stängd",
            ReportReason.CONTACT: "En kontaktuppgift är fel",
            ReportReason.TIME: "Tiden är fel",
            ReportReason.PLACE: "Platsen är fel",
            ReportReason.UNCLEAR: "Texten är oklar eller på fel språk",
            ReportReason.OTHER: "Ett annat fel",
        },
    ),
    "en": ReportWords(
        heading="Report an error",
        lead="Tell us what is wrong. The report goes to those who keep this service tray. You will not get an answer.",
        question="What is wrong?",
        more="More information (optional, at most 500 characters)",
        warning="Do not write names, contact details or other personal data, not even your own. "
        "The text is deleted after 90 days.",
        send="Send the report",
        choose="Choose what is wrong.",
        too_many="Many reports have come in a short time. Try again later.",
        honeypot="Leave this empty",
        thanks="Thank you for the report",
        thanks_lead="We will check the information.",
        back="Back to the service",
        reasons={
            ReportReason.ENDED: "The service has ended or is closed",
            ReportReason.CONTACT: "A contact detail is wrong",
            ReportReason.TIME: "The time is wrong",
            ReportReason.PLACE: "The place is wrong",
            ReportReason.UNCLEAR: "The text is unclear or in the wrong language",
            ReportReason.OTHER: "Another error",
        },
    ),
}
