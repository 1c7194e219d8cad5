"""Which class a page of the desk is about, and whether whoever asks may see it: a facilitator, or a helper."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from lms.content.model import Course, Lesson
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import Subject
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session.queries import Class, find_class
from lms.learning.classroom.session.steps import Step, steps_of
from lms.learning.errors import NotFound
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.database import rollback, session
from lms.web.errors import wants_json
from lms.web.request_context import library


class Refused(Exception):
    """What the desk does not do, said to the volunteer. ``way`` and ``words`` are where to go on."""

    def __init__(
        self, status: int, title: str, sentence: str, way: str = "/dung-lop", words: str = "Về danh sách lớp"
    ) -> None:
        super().__init__(title)
        self.status, self.title, self.sentence, self.way, self.words = status, title, sentence, way, words


class NotHers(Exception):
    """The account may steer classes of this ward, but has not taken over this one."""

    def __init__(self, found: Class) -> None:
        super().__init__(found.id)
        self.found = found


NO_CLASS = Refused(404, "Lớp này không có", "Địa chỉ có thể gõ thiếu, hoặc lớp đã được xóa.")
NO_LESSON = Refused(409, "Bài của lớp này không còn", "Bài vừa được gỡ khỏi trang. Mở lớp khác với bài khác.")


@bp.errorhandler(Refused)
def refuse(error: Refused) -> Response:
    rollback()
    if wants_json():
        response = make_response({"error": error.sentence})
    else:
        response = make_response(
            render_template(
                "classroom/desk_refused.html",
                title=error.title,
                sentence=error.sentence,
                way=error.way,
                words=error.words,
            )
        )
    response.status_code = error.status
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class Room:
    """A class with the lesson that it is about. ``account`` is None for a helper who came by the code."""

    found: Class
    account: Account | None
    course: Course
    lesson: Lesson
    steps: tuple[Step, ...]

    @property
    def base(self) -> str:
        return f"/dung-lop/{self.found.id}"

    @property
    def at(self) -> int:
        """The place of the present step; the first when the lesson was edited and has it no more."""
        return next((place for place, step in enumerate(self.steps) if step.key == self.found.state.step), 0)


def class_named(class_id: str) -> Class:
    """
    Raises:
        Refused: there is no such class.
    """
    try:
        return find_class(session(), class_id)
    except NotFound as error:
        raise NO_CLASS from error


def steered(class_id: str) -> Room:
    """The class, for whoever steers it.

    Raises:
        NotSignedIn, StaleForm: as ``require_account``.
        NotAllowed: the account may steer no class of that ward.
        NotHers: it may, but would have to take this one over.
        Refused: there is no such class.
    """
    account = require_account()
    found = class_named(class_id)
    permissions.require(account, "steer", Subject(found.ward))
    if not opening.steers(session(), class_id, account.id):
        raise NotHers(found)
    return room_of(found, account)


def steered_open(class_id: str) -> Room:
    """The same, for what can be done only while the class lasts."""
    room = steered(class_id)
    if room.found.closed:
        raise closed(room.base)
    return room


def room_of(found: Class, account: Account | None) -> Room:
    """The class with its course, lesson and steps.

    Raises:
        Refused: the lesson is not on the shelf any more.
    """
    lesson = library().lesson(found.course, found.lesson)
    course = library().course(found.course)
    if lesson is None or course is None:
        raise NO_LESSON
    return Room(found, account, course, lesson, steps_of(lesson))


def closed(base: str) -> Refused:
    """What a command gets that came after the end. ``base``: the address of the class's desk."""
    return Refused(
        409, "Lớp đã đóng", "Việc vừa rồi không làm nữa. Những gì bà con làm được vẫn còn.", base, "Xem lớp đã đóng"
    )


def said(messages: dict[str, str]) -> str:
    """What the page before this one led here to say: ``?da=`` names it."""
    return messages.get(request.args.get("da", ""), "")
