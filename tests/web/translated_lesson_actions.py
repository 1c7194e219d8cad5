"""A learner's actions in the lesson of ``translated_lesson``, in English and without JavaScript."""

from __future__ import annotations

from lxml import html

from tests.web.learner_actions import option_keys, question_card
from tests.web.nojs_phone import NoJsPhone

LESSON = "/may/mo-may"


def start_practice(phone: NoJsPhone, mode: str) -> str:
    """Begin the lesson's practice; the address of the attempt."""
    phone.open(phone.client.post(f"{LESSON}/lam", data={"mode": mode}).location)
    return phone.address


def earn_all_marks(phone: NoJsPhone) -> None:
    for prompt, answers in (
        ("Where is", ["Right"]), ("How many", ["four"]),
        ("Put them", ["Take the phone", "Press the button"]), ("Match", ["On", "Off"]),
    ):  # fmt: skip
        phone.open(f"{LESSON}/hieu")
        form = question_card(phone.page, prompt).find("form")
        keys = option_keys(form)
        for label in form.xpath(".//label[input]"):
            keys[label.text_content().strip()] = label.find("input").get("value")
        phone.client.post(form.get("action"), data={"answer": [keys.get(each, each) for each in answers]})
    start_practice(phone, "tu-lam")
    phone.tap("Tiếp tục")
    tasks = html.fromstring(phone.client.get(f"{LESSON}/dung").text).xpath("//input[@name='task']/@value")
    phone.client.post(f"{LESSON}/dung", data={"task": tasks})
