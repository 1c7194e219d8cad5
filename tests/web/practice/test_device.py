"""Android or iPhone: picked once without a script, remembered by the phone, and nothing but the drawing differs."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.web.every_screen import LAM, LESSON
from tests.web.plain_phone import LAM_ADDRESS, PlainPhone

BOTH = "máy:\n  - Android\n  - iPhone\n"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 13_4 like Mac OS X) Safari/604.1"
WATCH = f"{LAM_ADDRESS}?che-do=xem-mau"


def says_its_devices(courses, front: str) -> None:
    (courses / "thu" / "01-moi-thu" / "lam.md").write_text(LAM.replace(BOTH, front), "utf-8")


def picked(phone: PlainPhone) -> list[str]:
    return phone.page.xpath("//nav[@id='may']//a[@aria-current]/text()")


def drawn(phone: PlainPhone) -> str:
    """What the page draws, and whether the iPhone's stylesheet came along."""
    device = re.search(r"practice--(android|iphone)", phone.page.xpath("//main/@class")[0])[1]
    assert bool(phone.page.xpath("//link[contains(@href, 'iphone.css')]")) == (device == "iphone")
    return device


def test_she_picks_once_and_her_phone_remembers(lan):
    lan.opens(LAM_ADDRESS)
    assert picked(lan) == ["Android"]
    lan.opens(LAM_ADDRESS + lan.page.xpath("//nav[@id='may']//a[text()='iPhone']/@href")[0])
    assert picked(lan) == ["iPhone"]
    lan.opens(LAM_ADDRESS)
    assert picked(lan) == ["iPhone"]
    lan.starts()
    assert drawn(lan) == "iphone"
    lan.opens(WATCH)
    assert drawn(lan) == "iphone"
    lan.opens(f"{LAM_ADDRESS}?may=android")
    lan.opens(WATCH)
    assert drawn(lan) == "android"


def test_until_she_picks_her_own_phone_is_drawn(app):
    phone = PlainPhone(app)
    phone.client.environ_base["HTTP_USER_AGENT"] = SAFARI
    phone.opens(LAM_ADDRESS)
    assert picked(phone) == ["iPhone"]
    phone.starts()
    assert drawn(phone) == "iphone"
    phone.opens(f"{LAM_ADDRESS}?may=android")
    phone.starts()
    assert drawn(phone) == "android"


@pytest.mark.parametrize(
    ("front", "device"), [("", "android"), ("máy: Android\n", "android"), ("máy: iPhone\n", "iphone")]
)
def test_where_there_is_no_choice_none_is_offered(courses, app, front, device):
    says_its_devices(courses, front)
    app.extensions["shelf"].reload()
    phone = PlainPhone(app)
    phone.opens(f"{LAM_ADDRESS}?may=iphone")
    assert picked(phone) == []
    phone.starts()
    assert drawn(phone) == device


@pytest.mark.parametrize("odd", ["", "nokia", "iPhone%E2%80%AE", "x" * 5000])
def test_a_device_that_nobody_knows_is_as_none(lan, odd):
    assert lan.opens(f"{LAM_ADDRESS}?may={odd}") == 200
    assert picked(lan) == ["Android"]
    assert lan.client.get_cookie("may") is None


def test_only_the_drawing_differs(app):
    seen = []
    for device in ("android", "iphone"):
        phone = PlainPhone(app)
        page = html.fromstring(phone.client.get(f"{WATCH}&may={device}").text)
        for sheet in page.xpath("//link | //svg[@class='unseen']"):
            sheet.getparent().remove(sheet)
        seen.append(html.tostring(page.body).decode().replace(f"practice--{device}", ""))
    assert seen[0] == seen[1]
    assert f"{LESSON}/lam" in seen[0]
