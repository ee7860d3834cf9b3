"""Approved texts and the rule that they reveal nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from chassis.core.errors import StartError
from notify.adapters.template_files import read_forbidden_stems, read_templates
from notify.bootstrap import TEMPLATES
from notify.domain.content_free import link_reveals, template_findings
from notify.domain.templates import Template, Templates
from notify.entrypoints.commands import template_commands

STEMS = read_forbidden_stems(TEMPLATES)
TEXTS = {"fi": "Uusi viesti: {link}", "sv": "Nytt meddelande: {link}", "en": "New message: {link}"}


def approved(texts: dict[str, str], version: int = 1) -> Template:
    draft = Template("new-message", version, texts, None)
    return replace(draft, approved_digest=draft.digest)


def findings(text: str) -> list[str]:
    return [finding.what for finding in template_findings(approved({**TEXTS, "fi": text}), STEMS)]


@pytest.mark.parametrize(
    "template", list(read_templates(TEMPLATES)), ids=lambda template: f"{template.name}-{template.version}"
)
def test_every_template_in_use_is_approved_and_reveals_nothing(template: Template) -> None:
    assert template_findings(template, STEMS) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Liikuntalähetteesi on saapunut: {link}", "says 'liikunta'"),
        ("Sinulle on lähete: {link}", "says 'lähete'"),
        ("SOTE-viesti: {link}", "says 'sote'"),
        ("Din remiss: {link}", "says 'remiss'"),
        ("Your referral: {link}", "says 'referral'"),
        ("Uusi viesti", "needs the placeholder {link} once and no other"),
        ("Uusi viesti {link} {link}", "needs the placeholder {link} once and no other"),
        ("Hei {name}: {link}", "needs the placeholder {link} once and no other"),
        ("Viesti {link!r}", "needs the placeholder {link} once and no other"),
        ("Viesti {link", "needs the placeholder {link} once and no other"),
        ("Viesti š {link}", "has signs outside GSM-7"),
        ("x" * 100 + " {link}", "takes 2 parts with a link of 80 signs"),
    ],
)
def test_a_text_that_breaks_the_rule_is_found(text: str, what: str) -> None:
    assert what in findings(text)


def test_a_missing_language_and_a_changed_text_are_found() -> None:
    changed = replace(approved(TEXTS), texts={**TEXTS, "en": "A message: {link}"})
    lacking = approved({"fi": TEXTS["fi"], "sv": TEXTS["sv"]})
    assert "is not approved" in template_findings(changed, STEMS)[0].what
    assert template_findings(lacking, STEMS)[0].what == "lacks en"


def test_only_an_approved_version_is_used_and_the_newest_by_default() -> None:
    templates = Templates([approved(TEXTS, 1), approved(TEXTS, 2), Template("new-message", 3, TEXTS, None)])
    newest, first = templates.approved("new-message"), templates.approved("new-message", 1)
    assert (newest and newest.version, first and first.version) == (2, 1)
    assert templates.approved("new-message", 3) is None
    assert templates.approved("other") is None


def test_a_language_without_text_of_its_own_falls_back_to_its_base_and_then_to_finnish() -> None:
    template = approved(TEXTS)
    assert template.text("sv-FI") == TEXTS["sv"]
    assert template.text("se") == TEXTS["fi"]


@pytest.mark.parametrize(
    "link", ["https://a.example/v/1 ja vielä tämä", "https://a.example/\nlähete", "javascript:alert(1)", ""]
)
def test_nothing_but_a_plain_link_may_take_the_place_of_the_link(link: str) -> None:
    template = approved(TEXTS)
    assert template.has_rendered(template.render("fi", "https://a.example/v/1"))
    assert not template.has_rendered(template.render("fi", link))


def test_a_text_that_differs_in_one_byte_is_not_the_approved_one() -> None:
    template = approved(TEXTS)
    assert not template.has_rendered(template.render("fi", "https://a.example/v/1") + " ")
    assert not replace(template, approved_digest=None).has_rendered(template.render("fi", "https://a.example/v/1"))


def test_a_link_with_a_telling_word_is_found_and_a_random_token_is_not() -> None:
    assert link_reveals("https://a.example/liikuntalahete/7Yq2", STEMS)
    assert link_reveals("https://a.example/r?unit=Paihdeklinikka", STEMS)
    assert not link_reveals("https://asiointi.omahame.example/v/k3Vd9QzT1xYw7uLm", STEMS)


def write(folder: Path, content: object) -> None:
    (folder / "new-message").mkdir()
    (folder / "new-message" / "1.yaml").write_text(yaml.safe_dump(content))
    (folder / "forbidden_words.yaml").write_text("fi: [lähete]")


def checked(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(template_commands(folder, read_templates, read_forbidden_stems), ["check"])
    return result.exit_code, result.output


def test_the_check_command_passes_what_is_in_use_and_counts_parts() -> None:
    code, output = checked(TEMPLATES)
    assert code == 0
    assert "new-message 1 sv: 1 part(s)" in output


def test_the_check_command_fails_on_a_telling_text(tmp_path: Path) -> None:
    write(tmp_path, {"texts": {**TEXTS, "fi": "Lähete: {link}"}})
    code, output = checked(tmp_path)
    assert code == 1
    assert "new-message 1 fi: says 'lähete'" in output


@pytest.mark.parametrize("content", [{"texts": {"fi": 1}}, {"text": {}}, [], {"texts": {}, "approved": {"by": "x"}}])
def test_an_unreadable_template_is_named(tmp_path: Path, content: object) -> None:
    write(tmp_path, content)
    with pytest.raises(StartError, match=r"new-message/1\.yaml"):
        read_templates(tmp_path)
