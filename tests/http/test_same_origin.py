"""Which POSTs come from pages of this site."""

from __future__ import annotations

import pytest

from lms.http.same_origin import is_same_origin

PUBLIC = "https://hoc.example"
HOST = "hoc.example"


def judge(headers: dict[str, str], *, public_url: str = PUBLIC, host: str = HOST) -> bool:
    return is_same_origin(
        public_url=public_url,
        host=host,
        fetch_site=headers.get("sec-fetch-site"),
        origin=headers.get("origin"),
        referer=headers.get("referer"),
    )


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
def test_pages_of_this_site_may_post(headers):
    assert judge(headers)


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
        {"referer": "http://[::1"},
    ],
    ids=repr,
)
def test_pages_of_other_sites_may_not_post(headers):
    assert not judge(headers)


def test_a_phone_may_post_to_the_lan_address_of_the_server():
    """The laptop is asked by an address of the network, whatever LMS_PUBLIC_URL says."""
    hall = {"public_url": "http://127.0.0.1:8000", "host": "192.168.1.7:8000"}
    assert judge({"origin": "http://192.168.1.7:8000"}, **hall)
    assert not judge({"origin": "http://192.168.1.9:8000"}, **hall)
