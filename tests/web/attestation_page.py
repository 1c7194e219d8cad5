"""The page of a class where a facilitator says whose tasks were seen done."""

from __future__ import annotations

from lxml import html

from tests.web.desk_client import Desk

PAGE = "/chung-kien"  # below the address of the class


def attest(desk: Desk, number: int, *, tasks: list[str] | None = None, undo: bool = False):
    """``tasks``: None for all of the lesson."""
    boxes = all_tasks(desk) if tasks is None else tasks
    sent = {"csrf_token": desk.token, "viec": boxes, "thoi" if undo else "cho": str(number)}
    return desk.client.post(desk.base + PAGE, data=sent)


def all_tasks(desk: Desk) -> list[str]:
    return desk.page(PAGE + "?chon=1").xpath("//input[@name='viec']/@value")


def chosen_tasks(page: html.HtmlElement) -> list[str]:
    return page.xpath("//attest-tasks/form//input[@name='viec']/@value")
