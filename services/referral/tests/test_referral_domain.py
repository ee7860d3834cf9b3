"""Identifiers, likenesses and channels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_schemas.notification import DeliveryChannel
from event_schemas.referral_content import Client
from referral.domain.channels import allowed_channel
from referral.domain.identifiers import identity_code, municipality_code, phone_number
from referral.domain.referral import likenesses_of


def or_refusal(normalise: Callable[[str], str], text: str) -> str:
    try:
        return normalise(text)
    except ValueError as error:
        return str(error)


@given(st.text(max_size=30))
def test_an_identity_code_is_normal_or_refused_without_quoting_it(text: str) -> None:
    code = or_refusal(identity_code, text)
    assert code == "not a Finnish personal identity code" or identity_code(code) == code


@pytest.mark.parametrize("code", ["010190-999Y", "010594Y9033", "320105B904V", "", "010594Y9032X"])
def test_an_identity_code_with_a_wrong_check_or_date_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a Finnish"):
        identity_code(code)


@pytest.mark.parametrize(
    ("text", "number"),
    [("040 765 4321", "+358407654321"), ("+358 40-7654321", "+358407654321"), ("+46 70 123 45 67", "+46701234567")],
)
def test_a_phone_number_becomes_e164(text: str, number: str) -> None:
    assert phone_number(text) == number


@given(st.text(max_size=30))
def test_a_phone_number_is_normal_or_refused_without_quoting_it(text: str) -> None:
    number = or_refusal(phone_number, text)
    assert number == "not a phone number" or phone_number(number) == number


@given(st.integers(0, 999))
def test_a_municipality_code_survives_being_a_number(code: int) -> None:
    assert municipality_code(code) == municipality_code(float(code)) == municipality_code(str(code)) == f"{code:03}"


@pytest.mark.parametrize(
    "given_code", [None, True, -1, 1000, 61.5, float("nan"), float("inf"), "", "06x", "٠٦١", " 61", []]
)
def test_what_is_no_municipality_code_is_refused(given_code: object) -> None:
    with pytest.raises(ValueError, match="not a municipality code"):
        municipality_code(given_code)


EVERY = tuple(DeliveryChannel)


def test_a_client_is_told_only_by_a_safe_channel_and_rather_by_the_preferred_one() -> None:
    client = Client(name="N", phone="+358407654321", email="n@posti.example", preferred_channel="email")
    assert allowed_channel(client, ["sms", "email"], EVERY) == (DeliveryChannel.EMAIL, "n@posti.example")
    assert allowed_channel(client, ["sms"], EVERY) == (DeliveryChannel.SMS, "+358407654321")
    assert allowed_channel(client, ["phone", "suomifi"], EVERY) is None
    assert allowed_channel(client, [], EVERY) is None


def test_a_client_is_told_by_no_channel_that_notify_does_not_offer() -> None:
    client = Client(name="N", phone="+358407654321", email="n@posti.example", preferred_channel="email")
    assert allowed_channel(client, ["sms", "email"], [DeliveryChannel.SMS]) == (DeliveryChannel.SMS, "+358407654321")
    assert allowed_channel(client, ["email"], [DeliveryChannel.SMS]) is None


def test_names_written_differently_are_one_likeness() -> None:
    first = Client(name="Matti  MEIKÄLÄINEN", phone="+358407654321")
    second = Client(name="matti meikäläinen", phone="+358407654321", email="m@posti.example")
    assert set(likenesses_of(first)) < set(likenesses_of(second))
