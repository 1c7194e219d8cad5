"""Android or iPhone: the choice works without a script, is remembered, and only the drawing differs."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.web.every_screen import LAM, LESSON
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone

BOTH = "máy:\n  - Android\n  - iPhone\n"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 13_4 like Mac OS X) Safari/604.1"
WATCH = f"{PRACTICE_URL}?che-do=xem-mau"


def set_devices(courses, front: str) -> None:
    (courses / "thu" / "01-moi-thu" / "lam.md").write_text(LAM.replace(BOTH, front), "utf-8")


def picked_devices(phone: NoJsPhone) -> list[str]:
    return phone.page.xpath("//nav[@id='may']//a[@aria-current]/text()")


def drawn_device(phone: NoJsPhone) -> str:
    """The drawn device; the iPhone's stylesheet must be there only for an iPhone."""
    device = re.search(r"\b(android|iphone)\b", phone.page.xpath("//main/@class")[0])[1]
    assert bool(phone.page.xpath("//link[contains(@href, 'iphone.css')]")) == (device == "iphone")
    return device


@pytest.mark.slow
def test_the_picked_device_is_remembered(lan):
    lan.open(PRACTICE_URL)
    assert picked_devices(lan) == ["Android"]
    lan.open(PRACTICE_URL + lan.page.xpath("//nav[@id='may']//a[text()='iPhone']/@href")[0])
    assert picked_devices(lan) == ["iPhone"]
    lan.open(PRACTICE_URL)
    assert picked_devices(lan) == ["iPhone"]
    lan.start()
    assert drawn_device(lan) == "iphone"
    lan.open(WATCH)
    assert drawn_device(lan) == "iphone"
    lan.open(f"{PRACTICE_URL}?may=android")
    lan.open(WATCH)
    assert drawn_device(lan) == "android"


def test_until_one_is_picked_the_browsers_device_is_drawn(app):
    phone = NoJsPhone(app)
    phone.client.environ_base["HTTP_USER_AGENT"] = SAFARI
    phone.open(PRACTICE_URL)
    assert picked_devices(phone) == ["iPhone"]
    phone.start()
    assert drawn_device(phone) == "iphone"
    phone.open(f"{PRACTICE_URL}?may=android")
    phone.start()
    assert drawn_device(phone) == "android"


@pytest.mark.parametrize(
    ("front", "device"), [("", "android"), ("máy: Android\n", "android"), ("máy: iPhone\n", "iphone")]
)
def test_a_practice_for_one_device_offers_no_choice(courses, app, front, device):
    set_devices(courses, front)
    app.extensions["catalog"].reload()
    phone = NoJsPhone(app)
    phone.open(f"{PRACTICE_URL}?may=iphone")
    assert picked_devices(phone) == []
    phone.start()
    assert drawn_device(phone) == device


@pytest.mark.parametrize("odd", ["", "nokia", "iPhone%E2%80%AE", "x" * 5000])
def test_an_unknown_device_is_ignored(lan, odd):
    assert lan.open(f"{PRACTICE_URL}?may={odd}") == 200
    assert picked_devices(lan) == ["Android"]
    assert lan.client.get_cookie("may") is None


def test_the_devices_differ_only_in_the_drawing(app):
    seen = []
    for device in ("android", "iphone"):
        phone = NoJsPhone(app)
        page = html.fromstring(phone.client.get(f"{WATCH}&may={device}").text)
        for sheet in page.xpath("//link | //svg[@class='visually-hidden']"):
            sheet.getparent().remove(sheet)
        seen.append(html.tostring(page.body).decode().replace(f"demo-walk {device}", "demo-walk"))
    assert seen[0] == seen[1]
    assert f"{LESSON}/lam" in seen[0]
