"""The evening's checklist, which the desk shows at the last step of a class."""

from __future__ import annotations

from dataclasses import dataclass

from lms.web.classroom.class_context import FacilitatorContext
from lms.web.classroom.follow_up_lines import follow_up_lines


@dataclass(frozen=True, slots=True)
class ClosingTask:
    """What to do before people leave. ``state`` says how far it is, "" where nobody can know."""

    label: str
    hint: str
    state: str
    is_done: bool
    href: str
    icon: str


def closing_tasks(context: FacilitatorContext) -> tuple[ClosingTask, ...]:
    """The evening's checklist, in its order; closing is the main button below it."""
    class_session, base_url = context.class_session, context.base_url
    has_follow_up, count = bool(follow_up_lines(class_session)), class_session.head_count
    return (
        ClosingTask(
            "Buổi sau, việc ở nhà", "Dặn bà con; màn chiếu và các máy hiện theo.",
            "đã ghi" if has_follow_up else "chưa ghi", has_follow_up, f"{base_url}/buoi-sau", "pen",
        ),
        ClosingTask(
            "Đếm người trong phòng", "Cả người không có máy, để ghi vào báo cáo.",
            "chưa ghi" if count is None else f"{count} người", count is not None,
            f"{base_url}/viec?mo=dem-nguoi#dem-nguoi", "people",
        ),
        ClosingTask(
            "Chụp ảnh cả lớp", "Mời ai thích thì đứng trước màn chiếu. Ảnh ở máy của mình, trang không giữ.",
            "", False, "", "screen",
        ),
        ClosingTask("Đóng lớp", "Nút vàng ở dưới. Mỗi người nhận mã học để học tiếp.", "", False, "", "lock"),
    )  # fmt: skip
