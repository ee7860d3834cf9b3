"""Words of the filters and of what results tell, in Finnish, Swedish and English; a missing one is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilterWords:
    """Words of one language; those with a place for a value say so in their name."""

    when: str
    open_now: str
    sessions: Mapping[int, str]
    any_time: str
    age: str
    price: str
    prices: Mapping[str, str]
    language: str
    channel: str
    channels: Mapping[str, str]
    provider_type: str
    provider_types: Mapping[str, str]
    kind: str
    kinds: Mapping[str, str]
    accessibility: str
    unknown_place: str
    instead_of: str
    did_you_mean: str
    try_without: str
    try_theme: str
    try_place: str
    next_session: str
    is_open: str
    is_closed: str
    other_language_of: str
    fuzzy: str
    scopes: Mapping[str, str]
    professional: str
    everyone: str
    share: str
    qr: str
    calendar: str
    map: str
    geo: str
    print: str
    how_are_you: str
    how_are_you_lead: str
    for_sites: str
    for_sites_lead: str
    for_sites_choose: str
    for_sites_link: str
    for_sites_form: str
    page_not_found: str


FILTER_WORDS: Mapping[str, FilterWords] = {
    "fi": FilterWords(
        when="Milloin",
        open_now="Avoinna nyt",
        sessions={1: "Kerta vuorokauden sisällä", 7: "Kerta viikon sisällä", 30: "Kerta kuukauden sisällä"},
        any_time="Milloin vain",
        age="Ikä vuosina",
        price="Hinta",
        prices={"free": "Maksuton", "paid": "Maksullinen"},
        language="Palvelun kieli",
        channel="Asiointitapa",
        channels={
            "place": "Käynti paikan päällä",
            "phone": "Puhelin",
            "e-service": "Verkkoasiointi",
            "web-page": "Verkkosivu",
            "printable-form": "Tulostettava lomake",
        },
        provider_type="Järjestäjä",
        provider_types={
            "municipality": "Kunta",
            "wellbeing-county": "Hyvinvointialue",
            "state": "Valtio",
            "ngo": "Järjestö",
            "parish": "Seurakunta",
            "company": "Yritys",
            "other": "Muu",
        },
        kind="Mitä",
        kinds={
            "service": "Palvelu",
            "hobby": "Harrastus",
            "support": "Tuki",
            "voluntary": "Vapaaehtoistoiminta",
            "self-care": "Omahoito",
            "information": "Tietoa",
            "group": "Ryhmä",
            "handbook": "Käsikirja",
            "recording": "Tallenne",
            "gathering": "Tapahtuma",
            "qualification": "Pätevyys",
            "permit": "Lupa",
        },
        accessibility="Esteettömyys",
        unknown_place="Kuntaa ei löytynyt Kanta-Hämeestä. Tässä koko maakunnan palvelut.",
        instead_of="Sanalla ei löytynyt mitään.",
        did_you_mean="Tarkoititko:",
        try_without="Jätä pois rajaus:",
        try_theme="Näissä teemoissa on osumia:",
        try_place="Näissä kunnissa on osumia:",
        next_session="Seuraava kerta",
        is_open="Avoinna nyt",
        is_closed="Suljettu nyt",
        other_language_of="Osuma on toisella kielellä:",
        fuzzy="Osuma muistuttaa hakemaasi sanaa.",
        scopes={"municipality": "Kunnassasi", "region": "Koko maakunnassa", "nationwide": "Koko maassa"},
        professional="Ammattilaiselle",
        everyone="Kaikille",
        share="Jaa tai kopioi linkki",
        qr="QR-koodi tälle sivulle",
        calendar="Lisää kalenteriin",
        map="Näytä kartalla",
        geo="Avaa karttasovelluksessa",
        print="Tulosta",
        how_are_you="Mitä kuuluu?",
        how_are_you_lead="Käy läpi arkesi ja löydä sopiva apu.",
        for_sites="Haku omalle sivustolle",
        for_sites_lead="Linkitä palvelutarjottimeen tai liitä hakukenttä omalle sivullesi. Meiltä ei tule skriptejä.",
        for_sites_choose="Valitse kunta ja teema",
        for_sites_link="Linkki",
        for_sites_form="Hakukenttä (HTML)",
        page_not_found="Sivua ei ole",
    ),
    "sv": FilterWords(
        when="När",
        open_now="Öppet nu",
        sessions={1: "Tillfälle inom ett dygn", 7: "Tillfälle inom en vecka", 30: "Tillfälle inom en månad"},
        any_time="När som helst",
        age="Ålder i år",
        price="Pris",
        prices={"free": "Avgiftsfri", "paid": "Avgiftsbelagd"},
        language="Servicespråk",
        channel="Sätt att uträtta ärendet",
        channels={
            "place": "Besök på plats",
            "phone": "Telefon",
            "e-service": "E-tjänst",
            "web-page": "Webbsida",
            "printable-form": "Blankett att skriva ut",
        },
        provider_type="Anordnare",
        provider_types={
            "municipality": "Kommun",
            "wellbeing-county": "Välfärdsområde",
            "state": "Staten",
            "ngo": "Förening",
            "parish": "Församling",
            "company": "Företag",
            "other": "Annan",
        },
        kind="Vad",
        kinds={
            "service": "Tjänst",
            "hobby": "Hobby",
            "support": "Stöd",
            "voluntary": "Frivilligarbete",
            "self-care": "Egenvård",
            "information": "Information",
            "group": "Grupp",
            "handbook": "Handbok",
            "recording": "Inspelning",
            "gathering": "Evenemang",
            "qualification": "Behörighet",
            "permit": "Tillstånd",
        },
        accessibility="Tillgänglighet",
        unknown_place="Kommunen hittades inte i Egentliga Tavastland. Här är tjänsterna i hela landskapet.",
        instead_of="Inget hittades med ordet.",
        did_you_mean="Menade du:",
        try_without="Lämna bort avgränsningen:",
        try_theme="I de här temana finns träffar:",
        try_place="I de här kommunerna finns träffar:",
        next_session="Nästa tillfälle",
        is_open="Öppet nu",
        is_closed="Stängt nu",
        other_language_of="Träffen är på ett annat språk:",
        fuzzy="Träffen liknar ordet du sökte.",
        scopes={"municipality": "I din kommun", "region": "I hela landskapet", "nationwide": "I hela landet"},
        professional="För yrkespersoner",
        everyone="För alla",
        share="Dela eller kopiera länken",
        qr="QR-kod till den här sidan",
        calendar="Lägg till i kalendern",
        map="Visa på karta",
        geo="Öppna i kartappen",
        print="Skriv ut",
        how_are_you="Hur mår du?",
        how_are_you_lead="Gå igenom din vardag och hitta rätt hjälp.",
        for_sites="Sökning på din webbplats",
        for_sites_lead="Länka till servicebrickan eller lägg ett sökfält på din sida. Inga skript kommer från oss.",
        for_sites_choose="Välj kommun och tema",
        for_sites_link="Länk",
        for_sites_form="Sökfält (HTML)",
        page_not_found="Sidan finns inte",
    ),
    "en": FilterWords(
        when="When",
        open_now="Open now",
        sessions={1: "A session within a day", 7: "A session within a week", 30: "A session within a month"},
        any_time="Any time",
        age="Age in years",
        price="Price",
        prices={"free": "Free of charge", "paid": "With a charge"},
        language="Language of service",
        channel="How to use it",
        channels={
            "place": "Visit in person",
            "phone": "Phone",
            "e-service": "Online service",
            "web-page": "Web page",
            "printable-form": "Form to print",
        },
        provider_type="Provider",
        provider_types={
            "municipality": "Municipality",
            "wellbeing-county": "Wellbeing services county",
            "state": "State",
            "ngo": "Association",
            "parish": "Parish",
            "company": "Company",
            "other": "Other",
        },
        kind="What",
        kinds={
            "service": "Service",
            "hobby": "Hobby",
            "support": "Support",
            "voluntary": "Volunteering",
            "self-care": "Self-care",
            "information": "Information",
            "group": "Group",
            "handbook": "Handbook",
            "recording": "Recording",
            "gathering": "Event",
            "qualification": "Qualification",
            "permit": "Permit",
        },
        accessibility="Accessibility",
        unknown_place="There is no such municipality in Kanta-Häme. Here are the services of the whole region.",
        instead_of="Nothing was found with the word.",
        did_you_mean="Did you mean:",
        try_without="Leave out the filter:",
        try_theme="These themes have hits:",
        try_place="These municipalities have hits:",
        next_session="Next session",
        is_open="Open now",
        is_closed="Closed now",
        other_language_of="The match is in another language:",
        fuzzy="The match is like the word you searched for.",
        scopes={
            "municipality": "In your municipality",
            "region": "In the whole region",
            "nationwide": "In all Finland",
        },
        professional="For professionals",
        everyone="For everyone",
        share="Share or copy the link",
        qr="QR code for this page",
        calendar="Add to calendar",
        map="Show on a map",
        geo="Open in a map app",
        print="Print",
        how_are_you="How are you?",
        how_are_you_lead="Go through your everyday life and find the right help.",
        for_sites="Search on your own site",
        for_sites_lead="Link to the service tray, or put a search box on your page. No script comes from us.",
        for_sites_choose="Choose a municipality and a theme",
        for_sites_link="Link",
        for_sites_form="Search box (HTML)",
        page_not_found="There is no such page",
    ),
}
