"""The cards of a review, as a browser without a script answers them."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import html
from sqlalchemy import JSON, Engine, insert, literal, select

from lms.learning.store.models import Learner, Mark
from lms.learning.store.models.base import Instant
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import (
    CORRECT_ANSWERS,
    option_keys,
)


def finish_practice_lesson(phone: CheckingClient, engine: Engine) -> None:
    """The mark of the practice, without playing it."""
    [card] = phone.page("/vneid/kich-hoat/hieu").xpath("//question-card")
    [right] = [
        label.find("input").get("value") for label in card.xpath(".//label") if "số đã khai" in label.text_content()
    ]
    assert phone.post(card.find("form").get("action"), data={"answer": right}).status_code == 303
    with engine.begin() as connection:
        connection.execute(
            insert(Mark.__table__).from_select(
                ["learner_id", "course", "lesson", "stage", "evidence", "content_digest", "earned_at"],
                select(
                    Learner.id,
                    literal("vneid"),
                    literal("kich-hoat"),
                    literal("lam"),
                    literal({}, JSON),
                    literal(""),
                    literal(datetime(2026, 11, 25, 3, tzinfo=UTC), Instant),
                ),
            )
        )


def counter(page: html.HtmlElement) -> str:
    return page.xpath("//*[@class='question__count']")[0].text_content()


def heading(page: html.HtmlElement) -> str:
    return page.xpath("//h1")[0].text_content()


def right_answer_of(page: html.HtmlElement) -> list[str]:
    """The values of a right answer to the question on the page."""
    [form] = page.xpath("//question-card/form")
    picks = next(picks for prompt, picks in CORRECT_ANSWERS.items() if prompt in form.text_content())
    keys = option_keys(form)
    for label in form.xpath(".//label[input]"):
        keys[label.text_content().strip()] = label.find("input").get("value")
    return [keys.get(pick, pick) for pick in picks]


def answer_card(phone: CheckingClient, *, wrong: bool = False) -> html.HtmlElement:
    """Answer the card that /on shows, as a browser without a script does; the page that explains it."""
    page = phone.page("/on")
    action = page.xpath("//question-card/form/@action")[0]
    right = right_answer_of(page)
    options = page.xpath("//question-card//input[@name='answer'][@type!='text']/@value")
    wrong_answer = [value for value in options if value not in right][:1] or (
        right[::-1] if len(right) > 1 else ["x y z"]
    )
    given = wrong_answer if wrong else right
    response = phone.post(action, data={"answer": given})
    assert response.status_code == 303
    assert response.headers["Location"].endswith("#the")
    return phone.page(response.headers["Location"].partition("#")[0])
