"""Words of the reminder list and the quick exit in Finnish, Swedish and English; a missing one is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtraWords:
    """`added` and `removed` have a place for `{name}`."""

    basket: str
    basket_lead: str
    basket_lead_professional: str
    basket_empty: str
    basket_without_script: str
    add: str
    added: str
    removed: str
    copied: str
    remove: str
    gone: str
    print: str
    share: str
    mail: str
    mail_subject: str
    clear: str
    exit: str
    exit_hint: str


EXTRA_WORDS: Mapping[str, ExtraWords] = {
    "fi": ExtraWords(
        basket="Muistilista",
        basket_lead="Lista on vain tässä selaimessa. Voit tulostaa sen tai lähettää sen itsellesi.",
        basket_lead_professional="Lista on vain tässä ikkunassa ja katoaa, kun suljet sen.",
        basket_empty="Listalla ei ole vielä mitään. Lisää palveluja hakutuloksista.",
        basket_without_script="Muistilista tarvitsee JavaScriptin. Ilman sitä voit tulostaa palvelun oman sivun.",
        add="Lisää muistilistaan",
        added="Lisättiin muistilistaan: {name}",
        removed="Poistettiin muistilistalta: {name}",
        copied="Lista kopioitiin leikepöydälle.",
        remove="Poista",
        gone="Palvelua ei enää ole.",
        print="Tulosta",
        share="Jaa",
        mail="Lähetä sähköpostilla",
        mail_subject="Muistilista palvelutarjottimelta",
        clear="Tyhjennä lista",
        exit="Poistu heti",
        exit_hint="Poistu heti tältä sivulta. Myös kolme painallusta Esc-näppäimellä.",
    ),
    "sv": ExtraWords(
        basket="Minneslista",
        basket_lead="Listan finns bara i den här webbläsaren. Du kan skriva ut den eller skicka den till dig själv.",
        basket_lead_professional="Listan finns bara i det här fönstret och försvinner när du stänger det.",
        basket_empty="Listan är tom. Lägg till tjänster från sökresultaten.",
        basket_without_script="Minneslistan behöver JavaScript. Utan det kan du skriva ut tjänstens egen sida.",
        add="Lägg till på minneslistan",
        added="Lades till på minneslistan: {name}",
        removed="Togs bort från minneslistan: {name}",
        copied="Listan kopierades till urklipp.",
        remove="Ta bort",
        gone="Tjänsten finns inte längre.",
        print="Skriv ut",
        share="Dela",
        mail="Skicka med e-post",
        mail_subject="Minneslista från servicebrickan",
        clear="Töm listan",
        exit="Lämna genast",
        exit_hint="Lämna sidan genast. Också tre tryck på Esc-tangenten.",
    ),
    "en": ExtraWords(
        basket="My list",
        basket_lead="The list is in this browser only. You can print it or send it to yourself.",
        basket_lead_professional="The list is in this window only and is gone when you close it.",
        basket_empty="There is nothing on the list yet. Add services from the search results.",
        basket_without_script="The list needs JavaScript. Without it you can print a service's own page.",
        add="Add to my list",
        added="Added to my list: {name}",
        removed="Removed from my list: {name}",
        copied="The list was copied.",
        remove="Remove",
        gone="The service is no longer there.",
        print="Print",
        share="Share",
        mail="Send by e-mail",
        mail_subject="My list from the service tray",
        clear="Empty the list",
        exit="Leave now",
        exit_hint="Leave this page now. Pressing Esc three times does it too.",
    ),
}
