"""What a browser sends at the door and in the office, and who is on the list."""

from __future__ import annotations

from lxml import html

from lms.learning.accounts import account_store
from lms.learning.store.database import reading
from tests.web.careful import CarefulClient
from tests.web.duty import WARD, engine_of, token


def send(client: CarefulClient, address: str, **fields):
    """A form behind the sign-in, as the browser sends it."""
    return client.post(address, data={"csrf_token": token(client), **fields})


def text_of(response) -> str:
    return " ".join(html.fromstring(response.text).text_content().split())


def told_at(response) -> dict[str, str]:
    """What the page says of which field, by the field's name: the sentence that describes it, which is an alert."""
    page = html.fromstring(response.text)
    assert not page.xpath("//*[@required]"), "a browser would speak first, in a language of its own"
    told = {}
    for field in page.xpath("//*[@aria-invalid='true'][@autofocus]"):
        (said,) = page.xpath("//form//*[@id=$id][@role='alert']", id=field.get("aria-describedby"))
        told[field.get("name")] = " ".join(said.text_content().split())
    return told


def entrance(client: CarefulClient, **fields):
    page = client.page("/vao")
    return client.post("/vao", data={"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0], **fields})


def person_named(app, name: str):
    """Somebody of An Đông."""
    with reading(engine_of(app))() as session:
        return next(one for one in account_store.people_of(session, WARD) if one.name == name)


def people_of(app, ward: str):
    with reading(engine_of(app))() as session:
        return account_store.people_of(session, ward)
