"""The text of pages as people read it, with one space between two words, and their main button."""

from __future__ import annotations

from lxml import html
from werkzeug.test import TestResponse

from tests.web.checking_client import CheckingClient

Page = html.HtmlElement | TestResponse


def text_of(page: Page) -> str:
    """The text of an element, or of all of a response's page."""
    element = html.fromstring(page.text) if isinstance(page, TestResponse) else page
    return " ".join(element.text_content().split())


def main_text(page: Page) -> str:
    """The text of a page's main part."""
    element = html.fromstring(page.text) if isinstance(page, TestResponse) else page
    return text_of(element.find(".//main"))


def page_text_at(client: CheckingClient, address: str) -> str:
    """The text of the page at this address, which must exist."""
    return text_of(client.page(address))


def main_text_at(client: CheckingClient, address: str) -> str:
    """The text of the main part of the page at this address, which must exist."""
    return main_text(client.page(address))


def main_button(page: html.HtmlElement) -> html.HtmlElement:
    """The main button of a page, which must have just one."""
    [button] = page.xpath("//*[contains(@class, 'button--main')]")
    return button
