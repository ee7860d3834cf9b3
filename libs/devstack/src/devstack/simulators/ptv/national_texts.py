"""Words for a country's worth of descriptions: paragraphs put together from sentences, in three languages."""

from __future__ import annotations

from random import Random

_SUBJECTS = {
    "fi": (
        "Liikuntaryhmä",
        "Neuvontapalvelu",
        "Kuntosaliohjaus",
        "Vertaistukiryhmä",
        "Kulttuurikerho",
        "Elintapaohjaus",
        "Luontopolku",
        "Velkaneuvonta",
        "Perhekahvila",
        "Kansalaisopiston kurssi",
        "Omaishoidon tuki",
        "Digituki",
    ),
    "sv": (
        "Motionsgruppen",
        "Rådgivningen",
        "Handledningen på gymmet",
        "Kamratstödsgruppen",
        "Kulturklubben",
        "Levnadsvanerådgivningen",
        "Naturstigen",
        "Skuldrådgivningen",
        "Familjecaféet",
        "Medborgarinstitutets kurs",
        "Stödet för närståendevård",
        "Det digitala stödet",
    ),
    "en": (
        "The exercise group",
        "The advice service",
        "Gym instruction",
        "The peer support group",
        "The culture club",
        "Lifestyle counselling",
        "The nature trail",
        "Debt counselling",
        "The family café",
        "The adult education course",
        "Support for informal care",
        "Digital support",
    ),
}
_PREDICATES = {
    "fi": (
        "kokoontuu viikoittain syyskuusta toukokuuhun ja on avoin kaikille asukkaille",
        "auttaa löytämään arkeen sopivan tavan pitää huolta itsestä ja läheisistä",
        "järjestetään yhteistyössä hyvinvointialueen, seurakunnan ja yhdistysten kanssa",
        "on tarkoitettu erityisesti heille, jotka kaipaavat tukea arjen muutoksiin",
        "toimii kunnan tiloissa, joihin on esteetön kulku pääovelta ja pysäköintipaikalta",
        "alkaa alkukeskustelulla, jossa sovitaan tavoitteista ja tapaamisten määrästä",
        "jatkuu etäyhteydellä silloin, kun matka paikan päälle on pitkä",
    ),
    "sv": (
        "träffas varje vecka från september till maj och är öppen för alla invånare",
        "hjälper dig att hitta ett sätt att ta hand om dig själv i vardagen",
        "ordnas i samarbete med välfärdsområdet, församlingen och föreningarna",
        "är avsedd särskilt för dem som behöver stöd för förändringar i vardagen",
        "verkar i kommunens lokaler, dit man kommer utan trösklar från huvudingången",
        "börjar med ett samtal där ni kommer överens om mål och antalet träffar",
    ),
    "en": (
        "meets every week from September to May and is open to all residents",
        "helps you to find a way to take care of yourself in everyday life",
        "is arranged together with the wellbeing services county, the parish and associations",
        "is meant especially for those who need support with changes in daily life",
        "uses municipal premises with step-free access from the main door",
        "begins with a talk in which goals and the number of meetings are agreed",
    ),
}
_NAMES = {
    "fi": ("Ohjattu", "Avoin", "Matalan kynnyksen", "Senioreiden", "Nuorten", "Perheiden", "Iltaisin kokoontuva"),
    "sv": ("Ledd", "Öppen", "Lågtröskel", "Seniorernas", "Ungdomarnas", "Familjernas", "Kvällarnas"),
    "en": ("Guided", "Open", "Low-threshold", "Seniors'", "Youth", "Family", "Evening"),
}
_POOL = 300


class Phrases:
    """Paragraphs of one seed; drawing one is a look-up, since hundreds of thousands are drawn."""

    def __init__(self, seed: int) -> None:
        rng = Random(f"{seed}/phrases")
        self._pool = {language: [_paragraph(rng, language) for _ in range(_POOL)] for language in _SUBJECTS}

    def description(self, rng: Random, language: str, *, least: int, most: int) -> str:
        """Markdown of about `least` to `most` characters: paragraphs, and often a list."""
        length, parts, have = rng.randint(least, most), list[str](), 0
        while have < length:
            parts.append(rng.choice(self._pool[language]))
            have += len(parts[-1])
        if len(parts) > 1 and rng.random() < 0.4:
            parts.insert(1, "\n".join(f"* {rng.choice(_SUBJECTS[language])}" for _ in range(3)))
        return "\n\n".join(parts)[: most + 200].rstrip()

    def sentence(self, rng: Random, language: str) -> str:
        """One sentence of at most 150 characters, PTV's limit for a summary."""
        return _sentence(rng, language)[:150]

    def name(self, rng: Random, language: str, number: int) -> str:
        """A name that few other objects have."""
        return f"{rng.choice(_NAMES[language])} {rng.choice(_SUBJECTS[language]).lower()} {number}"


def _sentence(rng: Random, language: str) -> str:
    return f"{rng.choice(_SUBJECTS[language])} {rng.choice(_PREDICATES[language])}."


def _paragraph(rng: Random, language: str) -> str:
    return " ".join(_sentence(rng, language) for _ in range(rng.randint(2, 5)))
