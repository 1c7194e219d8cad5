"""Which posts come from our own pages."""

from __future__ import annotations

import pytest

from lms.http.same_origin import is_same_site

PUBLIC = "https://hoc.example"
HOST = "hoc.example"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "https://hoc.example"},
        {"sec-fetch-site": "none"},
        {"origin": "https://hoc.example"},
        {"origin": "HTTPS://HOC.EXAMPLE"},
        {"referer": "https://hoc.example/vneid?x=1"},
        {},
    ],
    ids=repr,
)
def test_our_own_pages_may_post(headers):
    assert is_same_site(headers, PUBLIC, HOST)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://hoc.example"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "https://hoc.example.elsewhere.example"},
        {"origin": "https://hoc.example:8443"},
        {"origin": "null"},
        {"origin": ""},
        {"referer": "https://elsewhere.example/https://hoc.example/"},
        {"referer": "no address"},
    ],
    ids=repr,
)
def test_pages_of_others_may_not(headers):
    assert not is_same_site(headers, PUBLIC, HOST)


def test_a_hall_posts_to_the_address_it_sees():
    """The laptop is asked by an address of the network, whatever LMS_PUBLIC_URL says."""
    assert is_same_site({"origin": "http://192.168.1.7:8000"}, "http://127.0.0.1:8000", "192.168.1.7:8000")
    assert not is_same_site({"origin": "http://192.168.1.9:8000"}, "http://127.0.0.1:8000", "192.168.1.7:8000")
