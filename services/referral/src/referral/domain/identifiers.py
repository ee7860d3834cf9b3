"""Identifiers as people type them, brought to the one form that everything else uses."""

from __future__ import annotations

from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

from chassis.finland.phone import e164

_CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}


def identity_code(text: str) -> str:
    """A Finnish personal identity code (henkilötunnus) in upper case, without spaces; temporary ones are allowed.

    Its century sign stays: since 2023 the code is unique only with it. Raises ValueError without quoting the text.
    """
    code = "".join(text.split()).upper()
    try:
        # stdnum cleans separators of its own accord, so what it accepts is compared with what was given.
        valid = str(hetu.validate(code, allow_temporary=True)) == code
    except ValidationError:
        valid = False
    if not valid:
        raise ValueError("not a Finnish personal identity code")
    return code


def birth_date(code: str) -> date:
    """The day of birth that a normal identity code tells; several signs mean one century, since 2023.

    Source: Digital and Population Data Services Agency (DVV), reform of the personal identity code, in force 1.1.2023.
    """
    return date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))


def is_temporary(code: str) -> bool:
    """Whether it is a code that an organisation gives until the real one is known: individual number 900-999."""
    return code[7] == "9"


def phone_number(text: str) -> str:
    """A phone number in E.164; without country code it is Finnish. Raises ValueError without quoting the text."""
    number = e164(text)
    if number is None:
        raise ValueError("not a phone number")
    return number


def municipality_code(given: object) -> str:
    """Three digits (kuntakoodi), also of a number that has lost its leading zero: 61 and 61.0 are Forssa.

    Raises:
        ValueError: it is none, without quoting what was given.
    """
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ValueError("not a municipality code")
    return text.zfill(3)
