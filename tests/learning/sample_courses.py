"""Two small courses for tests: one lesson has all three stages, others lack some."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lms.content.model import (
    Choice,
    Course,
    Lesson,
    Library,
    Option,
    Poll,
    Practice,
    Screen,
    Section,
    Task,
    Understand,
    Use,
    Widget,
)

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SECRET = "a secret that only this site knows"


def choice(question_id: str) -> Choice:
    options = (Option("a", "Đọc mã cho họ", feedback="Công an không hỏi mã."), Option("b", "Cúp máy", right=True))
    return Choice(question_id, "Bác làm gì?", options, keep_order=True, hints=(), line=1)


def understand(*question_ids: str, percent: int = 80) -> Understand:
    poll = Poll("poll", "Bác thấy sao?", (Option("x", "Dễ"), Option("y", "Khó")), hints=(), line=9)
    parts = tuple(map(choice, question_ids))
    section = Section("s", "Mã OTP", (*parts, poll), line=1)
    return Understand("Ba loại mã", 5, (), percent, (section,), digest="d1" * 32, path="hieu.md")


def practice(name: str = "") -> Practice:
    """Start → code (drawn) → call (a trap and a fatal trap) → done. Passing takes both scored screens at 80 %."""
    start = Screen(
        "bat-dau",
        "Bắt đầu",
        "app",
        (Widget("button", "Gửi mã", 2, arrow="=>", target="nhap-ma"), Widget("button", "Bỏ qua", 3)),
        line=1,
        task="Chạm Gửi mã.",
        hints=("Ở dưới cùng.",),
    )
    code = Screen(
        "nhap-ma",
        "Nhập mã",
        "app",
        (
            Widget("sms", "VNeID", 5, body="Mã {{otp}}"),
            Widget("number", "Mã OTP", 6, values=("{{otp}}",), wrong="Chưa đúng.", length=6),
            Widget("password", "Mật khẩu", 7, values=("Tapthu@2026",), wrong="Chưa đúng."),
            Widget("button", "Tiếp", 8, arrow="=>", target="xong"),
            Widget("button", "Đọc mã", 9, arrow="x>", target="lac", warn="Đừng đọc mã."),
            Widget("button", "Gửi mã cho họ", 10, arrow="x>", target="lac", warn="Đừng gửi mã.", fatal=True),
        ),
        line=4,
        task="Nhập mã.",
    )
    lost = Screen(
        "lac", "Lạc", "wrong", (Widget("back", "Quay lại", 12, arrow="->", target="nhap-ma"),), line=11, lost="Lạc rồi."
    )
    done = Screen("xong", "Xong", "end", (), line=13)
    return Practice(
        name=name,
        title="Kích hoạt",
        start="bat-dau",
        goal="xong",
        pass_percent=80,
        data=(("otp", "sinh(6)"),),
        screens=(start, code, lost, done),
        digest="d2" * 32 if not name else "d3" * 32,
        path="lam.md",
    )


def use() -> Use:
    tasks = (Task("mo-vneid", "Mở VNeID thật", None, 1), Task("xem-the", "Mở thẻ căn cước", None, 2))
    return Use("Làm ngay", (), None, "", tasks, digest="d4" * 32, path="dung.md")


def library() -> Library:
    whole = Lesson("vneid", "kich-hoat", 1, understand("q1", "q2", "q3"), (practice(), practice("them")), use(), "")
    short = Lesson("vneid", "ba-loai-ma", 2, replace(understand("q1", "q2"), name="Ba loại mã"), (), None, "")
    course = Course(
        slug="vneid",
        name="VNeID",
        summary="Tài khoản định danh",
        checked=date(2026, 11, 1),
        sources=("Bộ Công an",),
        recheck_after=180,
        lessons=(whole, short),
        intro="",
        folder="",
        digest="d5" * 32,
    )
    other = replace(
        course, slug="etax", name="eTax", lessons=(replace(whole, course="etax", slug="dang-nhap", practices=()),)
    )
    return Library((course, other), "d6" * 32)


def passing_events(data: dict[str, str]) -> list[list[object]]:
    """The events of an attempt that passes with 100 %."""
    return [
        [1, 900, "bat-dau", 0, "tap"],
        [2, 2500, "nhap-ma", 1, "type", data["otp"]],
        [3, 4000, "nhap-ma", 2, "type", "Tapthu@2026"],
        [4, 5200, "nhap-ma", 3, "tap"],
    ]
