"""Where the services of a country are: municipalities with their share, and the areas that objects are tagged with."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

KANTA_HAME = ("061", "082", "086", "103", "109", "165", "169", "433", "694", "834", "981")
ELSEWHERE = {
    "005": "Alajärvi", "010": "Alavus", "016": "Asikkala", "020": "Akaa", "047": "Enontekiö", "049": "Espoo",
    "050": "Eura", "051": "Eurajoki", "074": "Halsua", "075": "Hamina", "077": "Hankasalmi", "078": "Hanko",
    "079": "Harjavalta", "091": "Helsinki", "092": "Vantaa", "098": "Hollola", "102": "Huittinen", "106": "Hyvinkää",
    "108": "Hämeenkyrö", "111": "Heinola", "139": "Ii", "140": "Iisalmi", "142": "Iitti", "145": "Ilmajoki",
    "153": "Imatra", "167": "Joensuu", "178": "Juva", "179": "Jyväskylä", "182": "Jämsä", "186": "Järvenpää",
    "202": "Kaarina", "205": "Kajaani", "211": "Kangasala", "224": "Karkkila", "232": "Kauhajoki", "240": "Kemi",
    "245": "Kerava", "249": "Keuruu", "257": "Kirkkonummi", "272": "Kokkola", "285": "Kotka", "286": "Kouvola",
    "297": "Kuopio", "398": "Lahti", "405": "Lappeenranta", "418": "Lempäälä", "444": "Lohja", "491": "Mikkeli",
    "505": "Mäntsälä", "529": "Naantali", "536": "Nokia", "564": "Oulu", "593": "Pieksämäki", "609": "Pori",
    "638": "Porvoo", "680": "Raisio", "684": "Rauma", "698": "Rovaniemi", "734": "Salo", "740": "Savonlinna",
    "743": "Seinäjoki", "837": "Tampere", "853": "Turku", "905": "Vaasa", "908": "Valkeakoski", "915": "Varkaus",
}  # fmt: skip
"""Municipality codes outside Kanta-Häme, with their names: the larger part of the country's."""

_SHARE_OF_KANTA_HAME = 0.03
REGIONS = ("01", "02", "04", "06", "07", "09", "11", "13", "17", "19")
COUNTIES = ("05", "06", "08", "10", "12", "14", "16", "18", "20", "21")
"""Other regions and wellbeing-services counties than Kanta-Häme's 05 and 07: two code lists, never mixed."""
_CODES = tuple(ELSEWHERE)


def municipality(rng: Random) -> str:
    """A municipality's code; one in thirty is in Kanta-Häme, as one in thirty of the people."""
    return rng.choice(KANTA_HAME if rng.random() < _SHARE_OF_KANTA_HAME else _CODES)


def area(rng: Random, home: str) -> dict[str, Any]:
    """Where an object of an organisation in `home` is offered: nearly always its own municipality."""
    draw = rng.random()
    if draw < 0.06:
        return {"areaType": "WholeCountry" if draw < 0.05 else "WholeCountryExceptAland"}
    if draw < 0.08:
        return _limited(regions=["05" if home in KANTA_HAME else rng.choice(REGIONS)])
    if draw < 0.12:
        return _limited(counties=["07" if home in KANTA_HAME else rng.choice(COUNTIES)])
    return _limited(municipalities=sorted({home, municipality(rng)}) if draw < 0.2 else [home])


def _limited(
    *, municipalities: Sequence[str] = (), regions: Sequence[str] = (), counties: Sequence[str] = ()
) -> dict[str, Any]:
    return {
        "areaType": "LimitedArea",
        "municipalities": list(municipalities),
        "regions": list(regions),
        "wellbeingServicesCounties": list(counties),
    }
