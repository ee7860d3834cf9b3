"""Web addresses as typed into registers: about three in a hundred are malformed, and each must stay of use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.finland.web_address import web_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("hhttps://esim.example", "https://esim.example"),
        ("http//esim.example", "http://esim.example"),
        ("https:/esim.example", "https://esim.example"),
        ("www. esim.example", "https://www.esim.example"),
        ("www,esim.example", "https://www.esim.example"),
        ("https://esim.example/a?x=1,2#b ", "https://esim.example/a?x=1,2#b"),
        ("https;//esim.example/", "https://esim.example/"),
        ("htpps://esim.example", "https://esim.example"),
        ("http:esim.example", "http://esim.example"),
        ("http://https://esim.example", "https://esim.example"),
        ("https:// esim.example", "https://esim.example"),
        ("HTTPS://WWW.Esim.Example/Polku", "https://www.esim.example/Polku"),
        ("http://wwww.esim.example", "http://www.esim.example"),
        ("https://www,esim,example/a,b", "https://www.esim.example/a,b"),
        ("esim.example/ilmo", "https://esim.example/ilmo"),
        ("<https://esim.example>.", "https://esim.example"),
        ("\u200bhttps://esim.example\u00a0", "https://esim.example"),
        ("https://sähkö.itäsali.example:8443/ä?q", "https://sähkö.itäsali.example:8443/ä?q"),
        ("https://http.esim.example", "https://http.esim.example"),
    ],
)
def test_repairable_address_becomes_a_working_link(written: str, address: str) -> None:
    assert web_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JaVaScript://esim.example/%0aalert(1)",
        "data:text/html,x",
        "mailto:info@esim.example",
        "info@esim.example",
        "https://kunta@esim.example",
        "https://esim",
        "https://",
        "ei ole",
        "kysy toimistosta, huone 4",
        "https://esim.example ja https://toinen.example",
        "https://-esim.example",
        "https://esim..example",
        "https://esim.example/" + "a" * 2000,
        "",
        None,
    ],
)
def test_what_cannot_be_repaired_is_no_link(written: str | None) -> None:
    assert web_address(written) is None


@given(st.text("htps:;/w.,aå- \u200b?#@", max_size=40))
def test_whatever_is_written_a_link_is_http_to_a_domain_and_repairing_it_again_changes_nothing(written: str) -> None:
    address = web_address(written)
    assert address is None or (re.fullmatch(r"https?://[^\s/?#@]+\.[^\s/?#@]+\S*", address) is not None)
    assert address is None or web_address(address) == address
