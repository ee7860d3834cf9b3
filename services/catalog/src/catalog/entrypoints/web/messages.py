"""Every word of the pages in Finnish, Swedish and English; a missing one is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Messages:
    """Words of one language; `*_one` and `*_many` take a count."""

    language_name: str
    title: str
    lead: str
    skip: str
    skip_to_content: str
    languages: str
    search: str
    search_label: str
    search_hint: str
    municipality: str
    whole_county: str
    themes: str
    audience: str
    narrow: str
    clear: str
    results: str
    chosen: str
    drop: str
    count_one: str
    count_many: str
    none: str
    none_advice: str
    everything: str
    some_words: str
    cut: str
    next_page: str
    provider: str
    where: str
    nationwide: str
    whole_region: str
    elsewhere: str
    why_here: str
    source: str
    updated: str
    back: str
    description: str
    how_to: str
    who_can: str
    contact: str
    hours: str
    open_all_hours: str
    sessions: str
    cancelled: str
    enrolment: str
    enrol: str
    price: str
    free: str
    charged: str
    online: str
    accessibility: str
    unlinked: str
    machine: str
    not_found: str
    not_found_advice: str
    report_error: str
    footer: str
    audiences: Mapping[str, str]
    sources: Mapping[str, str]
    scopes: Mapping[str, str]
    weekdays: Mapping[str, str]
    language_names: Mapping[str, str]

    def count(self, number: int) -> str:
        return (self.count_one if number == 1 else self.count_many).format(number)


_SOURCES = {"ptv": "Suomi.fi", "lahella": "Lähellä.fi"}

FI = Messages(
    language_name="Suomi",
    title="Palvelutarjotin",
    lead="Hyvinvointia edistävät palvelut yhdestä paikasta: kunnat, hyvinvointialue, järjestöt ja seurakunnat.",
    skip="Siirry hakutuloksiin",
    skip_to_content="Siirry sisältöön",
    languages="Kieli",
    search="Hae",
    search_label="Mitä etsit?",
    search_hint="Esimerkiksi kävelyryhmä, velkaneuvonta tai yksinäisyys",
    municipality="Kunta",
    whole_county="Koko Kanta-Häme",
    themes="Teemat",
    audience="Kenelle",
    narrow="Rajaa hakua",
    clear="Tyhjennä haku",
    results="Hakutulokset",
    chosen="Valitut rajaukset",
    drop="Poista rajaus",
    count_one="{} palvelu",
    count_many="{} palvelua",
    none="Ei palveluja",
    none_advice="Kokeile toista sanaa tai väljempää rajausta.",
    everything="Kaikki palvelut",
    some_words="Mikään palvelu ei vastaa kaikkiin sanoihin. Tässä lähimmät.",
    cut="Hakusi oli pitkä, joten siitä käytettiin vain alku.",
    next_page="Seuraavat palvelut",
    provider="Järjestäjä",
    where="Missä",
    nationwide="Koko maa",
    whole_region="Koko Kanta-Häme",
    elsewhere="Muu alue",
    why_here="Miksi tässä teemassa?",
    source="Lähde",
    updated="Päivitetty",
    back="Takaisin hakuun",
    description="Kuvaus",
    how_to="Näin toimit",
    who_can="Kenelle ja millä ehdoilla",
    contact="Yhteystiedot",
    hours="Aukioloajat",
    open_all_hours="Avoinna ympäri vuorokauden",
    sessions="Tulevat kerrat",
    cancelled="peruttu",
    enrolment="Ilmoittautuminen",
    enrol="Ilmoittaudu",
    price="Hinta",
    free="Maksuton",
    charged="Maksullinen",
    online="verkossa",
    accessibility="Esteettömyys",
    unlinked="Verkko-osoite, joka ei toimi linkkinä",
    machine="konekäännös",
    not_found="Palvelua ei löytynyt",
    not_found_advice="Palvelu on ehkä päättynyt. Etsi samankaltaista palvelutarjottimelta.",
    report_error="Ilmoita virheestä",
    footer="Tiedot tulevat Suomi.fi-palvelutietovarannosta ja Lähellä.fi-palvelusta. Hakusanojasi ei tallenneta.",
    audiences={"residents": "Asukkaille", "professionals": "Ammattilaisille", "young-people": "Nuorille"},
    sources={**_SOURCES, "content": "Palvelutarjottimen toimitus"},
    scopes={"municipality": "Kunnassasi", "region": "Koko maakunnassa", "nationwide": "Koko maassa"},
    weekdays={
        "monday": "maanantai",
        "tuesday": "tiistai",
        "wednesday": "keskiviikko",
        "thursday": "torstai",
        "friday": "perjantai",
        "saturday": "lauantai",
        "sunday": "sunnuntai",
    },
    language_names={"fi": "suomeksi", "sv": "ruotsiksi", "en": "englanniksi"},
)

SV = Messages(
    language_name="Svenska",
    title="Servicebrickan",
    lead="Tjänster som främjar välbefinnande på ett ställe: kommuner, välfärdsområde, föreningar och församlingar.",
    skip="Gå till sökresultaten",
    skip_to_content="Gå till innehållet",
    languages="Språk",
    search="Sök",
    search_label="Vad söker du?",
    search_hint="Till exempel gym, skuldrådgivning eller ensamhet",
    municipality="Kommun",
    whole_county="Hela Egentliga Tavastland",
    themes="Teman",
    audience="För vem",
    narrow="Avgränsa sökningen",
    clear="Töm sökningen",
    results="Sökresultat",
    chosen="Valda avgränsningar",
    drop="Ta bort avgränsningen",
    count_one="{} tjänst",
    count_many="{} tjänster",
    none="Inga tjänster",
    none_advice="Prova ett annat ord eller en vidare avgränsning.",
    everything="Alla tjänster",
    some_words="Ingen tjänst motsvarar alla ord. Här är de närmaste.",
    cut="Din sökning var lång, så bara början användes.",
    next_page="Följande tjänster",
    provider="Arrangör",
    where="Var",
    nationwide="Hela landet",
    whole_region="Hela Egentliga Tavastland",
    elsewhere="Annat område",
    why_here="Varför i det här temat?",
    source="Källa",
    updated="Uppdaterad",
    back="Tillbaka till sökningen",
    description="Beskrivning",
    how_to="Så här gör du",
    who_can="För vem och på vilka villkor",
    contact="Kontaktuppgifter",
    hours="Öppettider",
    open_all_hours="Öppet dygnet runt",
    sessions="Kommande tillfällen",
    cancelled="inställt",
    enrolment="Anmälan",
    enrol="Anmäl dig",
    price="Pris",
    free="Avgiftsfri",
    charged="Avgiftsbelagd",
    online="på nätet",
    accessibility="Tillgänglighet",
    unlinked="Webbadress som inte fungerar som länk",
    machine="maskinöversättning",
    not_found="Tjänsten hittades inte",
    not_found_advice="Tjänsten har kanske upphört. Sök efter en liknande på servicebrickan.",
    report_error="Anmäl ett fel",
    footer="Uppgifterna kommer från Suomi.fi-servicedatalagret och Lähellä.fi. Dina sökord sparas inte.",
    audiences={"residents": "För invånare", "professionals": "För yrkespersoner", "young-people": "För unga"},
    sources={**_SOURCES, "content": "Servicebrickans redaktion"},
    scopes={"municipality": "I din kommun", "region": "I hela landskapet", "nationwide": "I hela landet"},
    weekdays={
        "monday": "måndag",
        "tuesday": "tisdag",
        "wednesday": "onsdag",
        "thursday": "torsdag",
        "friday": "fredag",
        "saturday": "lördag",
        "sunday": "söndag",
    },
    language_names={"fi": "på finska", "sv": "på svenska", "en": "på engelska"},
)

EN = Messages(
    language_name="English",
    title="Service tray",
    lead="Services for your wellbeing in one place: municipalities, wellbeing services county, associations, parishes.",
    skip="Skip to the results",
    skip_to_content="Skip to the content",
    languages="Language",
    search="Search",
    search_label="What are you looking for?",
    search_hint="For example gym, debt counselling or loneliness",
    municipality="Municipality",
    whole_county="All of Kanta-Häme",
    themes="Themes",
    audience="For whom",
    narrow="Narrow the search",
    clear="Clear the search",
    results="Results",
    chosen="Chosen filters",
    drop="Remove the filter",
    count_one="{} service",
    count_many="{} services",
    none="No services",
    none_advice="Try another word or a wider choice.",
    everything="All services",
    some_words="No service matches all your words. Here are the nearest.",
    cut="Your search was long, so only its beginning was used.",
    next_page="More services",
    provider="Provider",
    where="Where",
    nationwide="Whole country",
    whole_region="All of Kanta-Häme",
    elsewhere="Another area",
    why_here="Why in this theme?",
    source="Source",
    updated="Updated",
    back="Back to the search",
    description="Description",
    how_to="What to do",
    who_can="For whom and on which conditions",
    contact="Contact",
    hours="Opening hours",
    open_all_hours="Open around the clock",
    sessions="Coming dates",
    cancelled="cancelled",
    enrolment="Enrolment",
    enrol="Sign up",
    price="Price",
    free="Free of charge",
    charged="There is a charge",
    online="online",
    accessibility="Accessibility",
    unlinked="Web address that does not work as a link",
    machine="machine translation",
    not_found="The service was not found",
    not_found_advice="It may have ended. Look for a similar one in the tray.",
    report_error="Report an error",
    footer="Data from the Finnish Service Catalogue (Suomi.fi) and Lähellä.fi. Your search words are not stored.",
    audiences={"residents": "For residents", "professionals": "For professionals", "young-people": "For the young"},
    sources={**_SOURCES, "content": "Editors of the tray"},
    scopes={"municipality": "In your municipality", "region": "In the whole region", "nationwide": "Nationwide"},
    weekdays={
        "monday": "Monday",
        "tuesday": "Tuesday",
        "wednesday": "Wednesday",
        "thursday": "Thursday",
        "friday": "Friday",
        "saturday": "Saturday",
        "sunday": "Sunday",
    },
    language_names={"fi": "in Finnish", "sv": "in Swedish", "en": "in English"},
)

MESSAGES: Mapping[str, Messages] = {"fi": FI, "sv": SV, "en": EN}
