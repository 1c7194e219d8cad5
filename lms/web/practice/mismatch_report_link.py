"""The link of an attempt's page to "Máy tôi khác"."""

from __future__ import annotations

from flask import get_template_attribute

from lms.content.model import Lesson
from lms.learning.practice.attempts import UNSTARTED_ID, Attempt
from lms.web.urls import mismatch_report_url


def mismatch_report_link(attempt: Attempt, lesson: Lesson, attempt_url: str) -> str:
    """Of an attempt that began without a network the server does not know the screen: there the learner says it."""
    is_known = attempt.id != UNSTARTED_ID
    url = f"{attempt_url}/may-khac" if is_known else mismatch_report_url(lesson, attempt.practice)
    return get_template_attribute("practice/mismatch_report_link.html", "mismatch_report_link")(url)
