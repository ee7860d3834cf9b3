"""Search over an index in memory: what must be found, and what must not."""

from __future__ import annotations

import asyncio

import pytest

from catalog.app.search import Filters, Match, Page, Scope
from catalog.app.tray import Ask, EntryChange, Tray
from catalog.bootstrap import make_tray
from catalog.domain.concepts import Concept, concept_key
from catalog.settings import CONTENT
from event_schemas.listing import ListingPublished

from .samples import CLASS_URI, CONCEPTS, FALLS, concept, described, live, ptv_id
from .trays import outcome_of

COUNTY = [{"kind": "wellbeing-county", "code": "07"}]
NATION = [{"kind": "nationwide"}]
FIRST_NAME = described(ptv_id("first"), "Aamu").name
GYM_CLASS = concept(f"{CLASS_URI}P27.1", "service-class", fi="Liikunta ja urheilu", sv="Motion och idrott", en="Sports")
SERVICES = [
    described(ptv_id("debt"), "Talous- ja velkaneuvonta", classes=("P15.1",), areas=COUNTY),
    described(ptv_id("falls"), "Kotikäynti ikäihmisille", terms=(FALLS,), municipalities=("082",)),
    described(ptv_id("walk"), "Sauvakävely", classes=("P27.1",), municipalities=("109",)),
    described(ptv_id("swim"), "Uinti ja vesijumppa", municipalities=("061",)),
    described(ptv_id("sleep"), "Uniryhmä", municipalities=("061",)),
    described(ptv_id("senior"), "Senior-jumppa", municipalities=("109",)),
    described(ptv_id("diabetes"), "Tyypin 2-diabetes ryhmä", municipalities=("109",)),
    described(ptv_id("age"), "65+ jumppa", municipalities=("109",)),
    described(ptv_id("place"), "Lähiliikuntapaikka Kivikko", municipalities=("109",)),
    described(ptv_id("gym"), {"fi": "Kuntosali", "en": "Fitness"}, municipalities=("109",)),
    described(ptv_id("food"), "Ruoka-apu", municipalities=("061",)),
    described(ptv_id("family"), "Perhekahvila", municipalities=("061",)),
    described(ptv_id("kids"), "Päiväkerho", municipalities=("061",)),
    described(ptv_id("slip"), "Ilmaistiryhmä", municipalities=("061",)),
    described(ptv_id("grandpa"), "Vaari'n kerho", municipalities=("061",)),
    described(ptv_id("digi"), "Digituki", areas=NATION),
    described(ptv_id("digi-own"), "Digituki Hattulassa", municipalities=("082",)),
    described(ptv_id("digi-county"), "Digituki kotiin", areas=COUNTY),
]


def filled(services: list[ListingPublished], *, names: list[Concept] | None = None) -> Tray:
    tray = make_tray(CONTENT)
    known = names or [Concept(c.concept_id, 1, concept_key(c.concept_id, c.scheme), c.name) for c in CONCEPTS]
    labels = {one.key: one.names for one in known if one.key and one.names}
    entries = [entry for one in services for entry in outcome_of([live(one)], tray.content, labels).entries]
    asyncio.run(tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], known))
    return tray


@pytest.fixture(scope="module")
def tray() -> Tray:
    return filled(SERVICES)


def found(page: Page) -> list[str]:
    return [hit.entry.name["fi"].text for hit in page.hits]


def ask(tray: Tray, text: str, language: str = "fi", **filters: str | tuple[str, ...]) -> list[str]:
    return found(tray.search(Ask(text, Filters(**filters), language)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("velkaneuvontapalveluista", "Talous- ja velkaneuvonta"),
        ("kaatumisen ehkäisyyn", "Kotikäynti ikäihmisille"),
        ("sauvakävly", "Sauvakävely"),
        ("vesijumpaan", "Uinti ja vesijumppa"),
        ("digitukea", "Digituki"),
        ("skuldrådgivning", "Talous- ja velkaneuvonta"),
        ("gymmet", "Kuntosali"),
        ("gym", "Kuntosali"),
        ("fall prevention", "Kotikäynti ikäihmisille"),
        ("seniorijumppa", "Senior-jumppa"),
        ("liikuntapaikka", "Lähiliikuntapaikka Kivikko"),
        ("lähi liikunta paikka", "Lähiliikuntapaikka Kivikko"),
        ("65-vuotiaille", "65+ jumppa"),
        ("vaari'n", "Vaari'n kerho"),
        ("vaari’n kerho", "Vaari'n kerho"),
        ("kavely", "Sauvakävely"),
        ("kuntosa", "Kuntosali"),
        ("kävelytapahtumaan", "Sauvakävely"),
    ],
)
def test_question_finds_the_service(tray: Tray, question: str, first: str) -> None:
    assert ask(tray, question)[0] == first


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("uni", "Uinti ja vesijumppa"),
        ("päihde", "Päiväkerho"),
        ("muistiryhmä", "Ilmaistiryhmä"),
        ("2-diabetes", "65+ jumppa"),
        ("liikuntapaikka", "Sauvakävely"),
    ],
)
def test_question_does_not_find_its_neighbour(tray: Tray, question: str, never: str) -> None:
    assert never not in ask(tray, question)


def test_name_that_is_just_what_was_asked_comes_first() -> None:
    long = described(
        ptv_id("a"), {"fi": "Muistikahvila", "sv": "Minnescafé för närstående", "en": "Memory café for carers"}
    )
    other = described(ptv_id("b"), "Hattulan muistikahvila")
    assert ask(filled([long, other]), "muistikahvila") == ["Muistikahvila", "Hattulan muistikahvila"]


def test_part_of_a_compound_finds_every_spelling_of_it(tray: Tray) -> None:
    assert {"Senior-jumppa", "65+ jumppa", "Uinti ja vesijumppa"} <= set(ask(tray, "jumppa"))


def test_similar_word_is_marked_as_similar(tray: Tray) -> None:
    (hit,) = tray.search(Ask("sauvakävly")).hits
    assert [reason.how for reason in hit.reasons] == ["similar"]


def test_reason_names_word_place_and_way(tray: Tray) -> None:
    reasons = tray.search(Ask("liikunnasta")).hits[0].reasons
    assert [(reason.where, reason.how) for reason in reasons] == [("label", "word")]


@pytest.mark.parametrize("question", ["ruoka-apu Forssa", "ruoka-apu, Forssassa", "Forssan ruoka-apu"])
def test_place_among_the_words_is_understood(tray: Tray, question: str) -> None:
    page = tray.search(Ask(question))
    assert (found(page), page.municipality) == (["Ruoka-apu"], "061")


def test_all_words_come_first_and_some_words_are_said_to_be_some(tray: Tray) -> None:
    assert tray.search(Ask("uinti vesijumppa")).match is Match.ALL
    page = tray.search(Ask("perhekahvila zzzz"))
    assert (page.match, found(page)) == (Match.SOME, ["Perhekahvila"])


def test_nearer_service_comes_first_and_nationwide_is_there_too(tray: Tray) -> None:
    for question in ("digituki", ""):
        hits = tray.search(Ask(question, Filters(municipality="082"))).hits
        scopes = [hit.scope for hit in hits]
        assert scopes == [scope for scope in Scope for one in scopes if one is scope]
        assert {Scope.MUNICIPALITY, Scope.REGION, Scope.NATIONWIDE} <= set(scopes)


def test_service_of_another_municipality_is_not_listed(tray: Tray) -> None:
    assert "Sauvakävely" not in ask(tray, "", municipality="061")


@pytest.mark.parametrize("question", ["", "jumppa", "digituki", "uinti zzzz"])
def test_facet_counts_are_what_choosing_the_value_gives(tray: Tray, question: str) -> None:
    page = tray.search(Ask(question, limit=100))
    for place, count in page.facets["municipality"].items():
        assert len(ask(tray, question, municipality=place)) == count
    for theme, count in page.facets["theme"].items():
        assert len(ask(tray, question, themes=(theme,))) == count


def test_facet_of_one_filter_is_counted_under_the_other(tray: Tray) -> None:
    page = tray.search(Ask("", Filters(municipality="061", themes=("exercise",))))
    here = tray.search(Ask("", Filters(municipality="061"), limit=100))
    assert page.facets["theme"] == here.facets["theme"]
    assert page.facets["municipality"]["109"] == len(ask(tray, "", municipality="109", themes=("exercise",)))


@pytest.mark.parametrize("question", ["", "jumppa digituki uni"])
def test_paging_shows_each_entry_once(tray: Tray, question: str) -> None:
    cursor, seen = "", []
    while True:
        page = tray.search(Ask(question, limit=3, cursor=cursor))
        seen += found(page)
        if page.cursor is None:
            break
        cursor = page.cursor
    assert len(seen) == len(set(seen)) == page.total


async def test_cursors_lead_to_the_end_of_a_long_list_and_repeat_nothing_while_entries_change() -> None:
    tray = make_tray(CONTENT)
    services = [described(ptv_id(str(n)), f"Jumppa {n:04}") for n in range(1130)]
    entries = [entry for one in services for entry in outcome_of([live(one)], tray.content).entries]
    await tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], [])
    cursor: str | None = ""
    version, seen = 1, list[str]()
    while cursor is not None:
        assert len(cursor) < 8000
        page = tray.search(Ask("jumppa", limit=70, cursor=cursor))
        seen += [hit.entry.entry_id for hit in page.hits]
        cursor, version = page.cursor, version + 1
        renamed = entries[version * 60 : version * 60 + 5]
        changes = [one.model_copy(update={"summary": one.name, "name": FIRST_NAME}) for one in renamed]
        await tray.apply([EntryChange(entry.entry_id, version, entry) for entry in changes], [])
    assert len(seen) == len(set(seen)) == 1130


async def test_entry_gone_between_pages_does_not_end_the_list_early() -> None:
    tray = make_tray(CONTENT)
    services = [described(ptv_id(str(n)), f"Jumppa {n:02}") for n in range(30)]
    entries = [entry for one in services for entry in outcome_of([live(one)], tray.content).entries]
    await tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], [])
    first = tray.search(Ask("", limit=25))
    await tray.apply([EntryChange(hit.entry.entry_id, 2, None) for hit in first.hits[:20]], [])
    second = tray.search(Ask("", limit=2, cursor=first.cursor or ""))
    assert (found(second), second.cursor is not None) == (["Jumppa 25", "Jumppa 26"], True)


async def test_paging_repeats_nothing_while_entries_change() -> None:
    services = [described(ptv_id(str(n)), f"Jumppa {n:02}") for n in range(30)]
    tray = make_tray(CONTENT)
    entries = [entry for one in services for entry in outcome_of([live(one)], tray.content).entries]
    await tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], [])
    cursor, seen = "", []
    for version in range(2, 5):
        page = tray.search(Ask("jumppa", limit=10, cursor=cursor))
        seen += [hit.entry.entry_id for hit in page.hits]
        cursor = page.cursor or ""
        renamed = [entry.model_copy(update={"summary": entry.name}) for entry in entries[::version]]
        await tray.apply([EntryChange(entry.entry_id, version, entry) for entry in renamed], [])
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize(
    "question",
    [
        "halli(", "C++", "*", '"', "-", "ryhmä AND", "title:uinti", "a&b", ":*", "%", "\\", "ö̈", "   ", "x" * 3000,
        "a\x00b", "🏊", "jumppa OR 1=1", "[a TO b]", "'", "--", "ryhmä~2^4", "ı", "ß",
    ],
)  # fmt: skip
def test_nothing_a_person_can_type_is_an_error(tray: Tray, question: str) -> None:
    assert tray.search(Ask(question)).total >= 0


@pytest.mark.parametrize("question", ["*", '"', "-", "%", "   ", ",", "🏊"])
def test_signs_without_words_browse(tray: Tray, question: str) -> None:
    page = tray.search(Ask(question))
    assert (page.match, page.total) == (Match.BROWSE, len(tray))


def test_too_long_a_question_is_cut_and_said_so(tray: Tray) -> None:
    assert tray.search(Ask("jumppa " * 100)).cut
    assert not tray.search(Ask("jumppa")).cut


async def test_renamed_concept_is_found_by_its_new_name() -> None:
    tray = make_tray(CONTENT)
    (entry,) = outcome_of([live(SERVICES[2])], tray.content).entries
    await tray.apply([EntryChange(entry.entry_id, 1, entry)], [])
    await tray.apply([], [Concept("x", 5, "P27.1", {"sv": GYM_CLASS.name["sv"]})])
    assert ask(tray, "idrott", "sv") == ["Sauvakävely"]
    await tray.apply([], [Concept("x", 4, None, None)])
    assert ask(tray, "idrott", "sv") == ["Sauvakävely"]


async def test_late_removal_does_not_take_down_a_newer_entry() -> None:
    tray = make_tray(CONTENT)
    (entry,) = outcome_of([live(SERVICES[2])], tray.content).entries
    await tray.apply([EntryChange(entry.entry_id, 5, entry)], [])
    await tray.apply([EntryChange(entry.entry_id, 4, None)], [])
    assert len(tray) == 1
    await tray.apply([EntryChange(entry.entry_id, 6, None)], [])
    await tray.apply([EntryChange(entry.entry_id, 5, entry)], [])
    assert (len(tray), ask(tray, "sauvakävely")) == (0, [])
