"""The evening's checklist, which the desk shows at the last step of a class."""

from __future__ import annotations

from dataclasses import dataclass

from lms.web.classroom.class_context import FacilitatorContext
from lms.web.classroom.follow_up_lines import follow_up_lines
from lms.web.language import translate, translate_number


@dataclass(frozen=True, slots=True)
class ClosingTask:
    """What to do before people leave. ``state`` says how far it is, "" where nobody can know."""

    label: str
    hint: str
    icon: str
    state: str = ""
    is_done: bool = False
    href: str = ""


def closing_tasks(context: FacilitatorContext) -> tuple[ClosingTask, ...]:
    """The evening's checklist, in its order; closing is the main button below it."""
    class_session, base_url = context.class_session, context.base_url
    has_follow_up, count = bool(follow_up_lines(class_session)), class_session.head_count
    not_noted = translate("chưa ghi")
    people = translate_number("{count} người", "{count} người", count or 0).format(count=count)
    return (
        ClosingTask(
            label=translate("Buổi sau, việc ở nhà"),
            hint=translate("Dặn bà con; màn chiếu và các máy hiện theo."),
            state=translate("đã ghi") if has_follow_up else not_noted,
            is_done=has_follow_up,
            href=f"{base_url}/buoi-sau",
            icon="pen",
        ),
        ClosingTask(
            label=translate("Đếm người trong phòng"),
            hint=translate("Cả người không có máy, để ghi vào báo cáo."),
            state=not_noted if count is None else people,
            is_done=count is not None,
            href=f"{base_url}/viec?mo=dem-nguoi#dem-nguoi",
            icon="people",
        ),
        ClosingTask(
            label=translate("Chụp ảnh cả lớp"),
            hint=translate("Mời ai thích thì đứng trước màn chiếu. Ảnh ở máy của mình, trang không giữ."),
            icon="screen",
        ),
        ClosingTask(
            label=translate("Đóng lớp"),
            hint=translate("Nút vàng ở dưới. Mỗi người nhận mã học để học tiếp."),
            icon="lock",
        ),
    )
