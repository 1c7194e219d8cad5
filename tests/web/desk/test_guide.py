"""The facilitator's guide inside the product, and the links to it where it is needed."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

GUIDE = "/dung-lop/huong-dan"


@pytest.fixture
def anchors(app) -> set[str]:
    return set(app.test_client().page(GUIDE).xpath("//h2/@id | //h3/@id"))


def test_who_cannot_sign_in_yet_reads_the_guide(app):
    page = app.test_client().page(GUIDE)
    assert page.findtext(".//h1") == "Hướng dẫn đứng lớp"
    assert "Bắt đầu trong một phút" in page.text_content()


def test_every_link_inside_the_guide_has_its_section(app, anchors):
    inside = app.test_client().page(GUIDE).xpath("//a[starts-with(@href, '#')]/@href")
    assert len(inside) > 5
    assert {unquote(link)[1:] for link in inside} - {"chinh"} <= anchors


@pytest.mark.slow
def test_each_step_of_a_class_links_to_its_section(desk, anchors):
    seen = set()
    pages = [("vao", ""), ("mau", ""), ("tap", ""), ("ket", ""), ("ket", "/wifi"), ("ket", "/dong"), ("ket", "/giup")]
    for step, path in pages:
        desk.send_command(to=step)
        [link] = desk.page(path).xpath("//a[starts-with(@href, $guide)]/@href", guide=f"{GUIDE}#")
        seen.add(unquote(link.partition("#")[2]))
    assert seen <= anchors
    assert len(seen) == 5


def test_the_opening_page_leads_to_the_guide_and_it_to_the_card(minh):
    assert minh.page("/dung-lop").xpath("//a[@href=$guide]", guide=GUIDE)
    [card] = minh.page(GUIDE).xpath("//a[@href='/dung-lop/the-bo-tui']/@href")
    assert "Mở câu hỏi" in minh.page(card).text_content()
