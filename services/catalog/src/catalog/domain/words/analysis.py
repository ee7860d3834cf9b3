"""What a word can be found by: terms for the index and for queries, made the same way.

A term is `language:base form`, so that a word of one language never meets its double in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from catalog.domain.words.lexicon import Compounds, Lexicon, Synonyms, base_form, is_known
from catalog.domain.words.missing_marks import with_finnish_marks, with_swedish_marks
from catalog.domain.words.tokens import folded, inner_parts, joined, words

LANGUAGES = ("fi", "sv", "en")

# Words that carry no subject; dropped from questions that have other words.
STOP_WORDS = frozenset(
    words(
        "ja tai se on ei että kun mikä missä mistä miten minne onko olla joka kanssa sekä eli "
        "minä minun minulla minulle olen olet ovat voi voin voiko saa saan saako jos niin myös vai kuka jokin joku "
        "kukaan jotain mitään jossa jonka tämä kanssani nyt vain löydän pääsen tarvitsen tarvitsee haluan haluaa "
        "och eller att det är en ett i på för med var hur jag till av "
        "vad man mig min mitt mina du vi han hon om från vid kan får vill ska har inte gör göra hitta behöver känner "
        "and or the a an of in on for to is are with how where what my "
        "i me you we he she it they am be was at by from can do does have has need want get find feel "
        "just there here who"
    )
)
_VOWELS = frozenset("aeiouyäöå")


@dataclass(frozen=True, slots=True)
class WordTerms:
    """Terms of one word in one language, strongest first.

    `whole` is the word itself, `joints` runs of parts inside a compound (velkaneuvonta in velkaneuvontapalvelu),
    `parts` its single parts. `spelt` is the word as written, without hyphens and diacritics.
    """

    spelt: str
    whole: frozenset[str]
    joints: frozenset[str]
    parts: tuple[str, ...]
    all: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all", self.whole | self.joints | frozenset(self.parts))


@dataclass(frozen=True, slots=True)
class WordTokens:
    """What an index takes of one word: terms of the whole and of what is inside, and how it is written.

    `form` is tagged with the language as terms are; `fold` has base and written forms without diacritics, untagged.
    """

    whole: tuple[str, ...]
    inner: tuple[str, ...]
    form: tuple[str, ...]
    fold: tuple[str, ...]


class Analyser:
    """Words to terms, cached."""

    def __init__(self, lexicon: Lexicon, synonyms: Synonyms) -> None:
        self._compounds = Compounds(lexicon)
        self.terms = lru_cache(maxsize=200_000)(self._terms)
        self.tokens = lru_cache(maxsize=100_000)(self._tokens)
        self._senses = self._senses_of(synonyms)
        self.restored = lru_cache(maxsize=20_000)(self._restored)

    def _tokens(self, word: str, language: str) -> WordTokens:
        terms = self.terms(word, language)
        pieces = dict.fromkeys((word, joined(word), *inner_parts(word)))
        bases = (term.partition(":")[2] for term in sorted(terms.all))
        return WordTokens(
            whole=tuple(sorted(terms.whole)),
            inner=tuple(sorted(terms.all - terms.whole)),
            form=tuple(f"{language}:{piece}" for piece in pieces),
            fold=tuple(dict.fromkeys(folded(form) for form in (*bases, *pieces))),
        )

    def specific(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The parts that say what is meant; all of them when every one is general."""
        telling = tuple(part for part in parts if not self._compounds.is_general(part.partition(":")[2]))
        return telling or parts

    def telling_joints(self, terms: WordTerms) -> list[str]:
        """Runs of parts and hyphened words that say what is meant: of 2-diabetes not the 2, of 65-vuotias the 65."""
        specific = [part.partition(":")[2] for part in self.specific(terms.parts)]
        telling = [part for part in specific if not part.isdigit()] or specific
        return [joint for joint in terms.joints if any(part in joint for part in telling)]

    def synonyms(self, terms: frozenset[str]) -> set[str]:
        """Other terms of the senses that any of the terms has."""
        return {other for term in terms for sense in self._senses.get(term, ()) for other in sense} - terms

    def _senses_of(self, synonyms: Synonyms) -> dict[str, list[frozenset[str]]]:
        """Words of a sense are analysed like any others, so that they meet those of texts."""
        found: dict[str, list[frozenset[str]]] = {}
        for sense in synonyms.senses:
            terms = frozenset(
                term for language, given in sense.items() for word in given for term in self.terms(word, language).whole
            )
            for term in terms:
                found.setdefault(term, []).append(terms)
        return found

    def _restored(self, word: str) -> frozenset[str]:
        """Terms of the words that one typed without a key for ä, ö or å may be; none for a word that is one itself."""
        if not word.isascii() or any(is_known(word, language) for language in LANGUAGES):
            return frozenset()
        finnish = (one for one in with_finnish_marks(word) if is_known(one, "fi") or self._compounds.parts(one))
        swedish = (one for one in with_swedish_marks(word) if is_known(one, "sv"))
        found = [*(self.terms(one, "fi") for one in finnish), *(self.terms(one, "sv") for one in swedish)]
        return frozenset(term for terms in found for term in terms.whole)

    def _terms(self, word: str, language: str) -> WordTerms:
        pieces = inner_parts(word)
        if pieces:
            return self._of_pieces(word, pieces, language)
        if language != "fi":
            return _tagged(word, language, {base_form(word, language)}, ())
        parts = self._compounds.parts(word)
        return _tagged(word, language, self._finnish_bases(word, parts), parts)

    def _finnish_bases(self, word: str, parts: tuple[str, ...]) -> set[str]:
        """What the lexicon knows goes before what simplemma makes of it, which takes digituki for a digit.

        Loan words are written with their last i and without: seniori and senior.
        """
        if self._compounds.is_part(word):
            return {word}
        base = base_form(word, "fi")
        if meant := self._compounds.meant(word):
            return {meant, base}
        if parts:
            return {"".join(parts), base} if base.endswith(parts[-1]) else {"".join(parts)}
        return {base, f"{word}i"} if is_known(f"{word}i", "fi") and word[-1] not in _VOWELS else {base}

    def _of_pieces(self, word: str, pieces: list[str], language: str) -> WordTerms:
        terms = [self._terms(piece, language) for piece in pieces]
        last = self._terms(pieces[-1], language).whole
        heads = ["".join(pieces[:-1])]
        if language == "fi" and is_known(f"{pieces[-2]}i", "fi"):
            heads.append(f"{heads[0]}i")
        whole = frozenset(f"{language}:{head}{base.partition(':')[2]}" for head in heads for base in last)
        parts = tuple(part for one in terms for part in (one.parts or tuple(sorted(one.whole))))
        joints = frozenset(term for one in terms for term in one.whole | one.joints)
        return WordTerms(_spelt(word), whole, joints - whole, parts)


def _tagged(word: str, language: str, wholes: set[str], parts: tuple[str, ...]) -> WordTerms:
    runs = {"".join(parts[start:end]) for start, end in combinations(range(len(parts) + 1), 2)}
    runs = runs - wholes - set(parts)
    return WordTerms(
        _spelt(word),
        frozenset(f"{language}:{word}" for word in wholes),
        frozenset(f"{language}:{run}" for run in runs),
        tuple(f"{language}:{part}" for part in parts),
    )


def _spelt(word: str) -> str:
    return folded(joined(word))


def telling(some: Sequence[str]) -> list[str]:
    """Words without those that carry no subject, unless there are no others."""
    return [word for word in some if word not in STOP_WORDS] or list(some)
