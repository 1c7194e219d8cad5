"""From a drafted widget to a Widget: what its role may carry, and what it must."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lms.content.fuzzy_words import nearest
from lms.content.links import Home, NoSuchPlace
from lms.content.model import FIELD_ROLES, TAP_ROLES, Widget
from lms.content.practice.icons import ICONS
from lms.content.practice.link_targets import checked_id
from lms.content.practice.placeholders import all_closed, fill, with_folded_names
from lms.content.practice.syntax_tree import Attribute, DraftWidget
from lms.content.practice.values import is_one_placeholder, number_of, read_value
from lms.content.practice.words import ATTRIBUTES, ROLES, ROLES_OF_ATTRIBUTE, SUBS, YES
from lms.content.source import Report, plain
from lms.content.tones import tone_elsewhere

_LED_ROLES = TAP_ROLES | {"wait"}  # may carry an arrow
_MUST_LEAD = frozenset({"scan", "wait", "area"})
_LONGEST_WAIT = 600  # seconds


def read_widget(report: Report, draft: DraftWidget, folder: Path | None, data: Mapping[str, str]) -> Widget | None:
    """The widget as far as it can be understood, with everything reported; None when its role is unknown."""
    if draft.role is None:
        return None
    reader = _Reader(report, draft, folder, data)
    return reader.read()


class _Reader:
    def __init__(self, report: Report, draft: DraftWidget, folder: Path | None, data: Mapping[str, str]) -> None:
        self.report = report
        self.draft = draft
        self.role: str = draft.role or ""
        self.shown_role = ROLES.spelling(self.role)
        self.folder = folder
        self.data = data

    def read(self) -> Widget:
        draft, parts = self.draft, self.draft.parts
        if not parts.label.text:
            message = f"Viết nhãn sau [{self.shown_role}]: chữ mà người học thấy hoặc nghe đọc."
            self.report.error("label-missing", message, draft.line, draft.column)
        self._value()
        self._arrow()
        fatal = self._subs()
        numbers = self._attributes()
        self._needs()
        typed_id = parts.attributes.id
        src = self._src()
        area = tuple(numbers.get(code) for code in "xywh")
        return Widget(
            role=self.role,
            label=parts.label.text,
            line=self.report.source.place(draft.line)[0],
            id=checked_id(self.report, typed_id) if typed_id else None,
            values=draft.values,
            rule=draft.rule,
            arrow=parts.arrow.text if parts.arrow and self.role in _LED_ROLES else None,
            target=draft.target_id or draft.guessed_id,
            wrong=self._sub_text("wrong"),
            warn=self._sub_text("warn"),
            body=self._sub_text("body"),
            alt=self._sub_text("alt"),
            fatal=fatal,
            length=int(numbers["length"]) if "length" in numbers else None,
            seconds=numbers.get("seconds"),
            hold=numbers.get("hold"),
            picture=self._picture(),
            items=self._items(),
            src=src,
            size=Home(self.folder).picture_size(src) if src else None,
            area=area if None not in area else None,
        )

    # --- value and arrow

    def _value(self) -> None:
        value, broken = self.draft.parts.value, self.draft.parts.broken
        if self.role in FIELD_ROLES:
            if not broken:
                read_value(self.report, self.draft)
            if value is None and not broken:
                message = (
                    f"Thêm giá trị đúng của ô này: {self.draft.parts.label.text or 'nhãn'} = …, có dấu cách hai bên."
                )
                self.report.error("value-missing", message, self.draft.line, self.draft.column)
            is_rule = value is not None and plain(value.text).startswith("~")  # which has its own finding
            is_clear = value is not None and not is_rule and not broken
            if self.role == "password" and is_clear and not draft_from_data(self.draft):
                message = "Giá trị của ô mật khẩu lấy từ dữ liệu: thêm một dòng vào “dữ liệu” rồi viết = {{tên}}."
                self.report.error("password-not-from-data", message, value.line, value.column)
        elif value is not None:
            message = f"[{self.shown_role}] không có gì để gõ hay chọn; bác bỏ phần sau dấu =, hoặc đổi vai."
            self.report.error("value-on-wrong-role", message, value.line, value.column - 2)

    def _arrow(self) -> None:
        arrow = self.draft.parts.arrow
        if arrow is not None and self.role not in _LED_ROLES:
            message = f"[{self.shown_role}] không chạm được nên không có mũi tên; bác đặt mũi tên ở một nút."
            if self.role == "label":
                message = f"{message} Là chữ thì bác đặt trong ngoặc kép."
            self.report.error("arrow-on-wrong-role", message, arrow.line, arrow.column)
        elif arrow is None and self.role in _MUST_LEAD and not self.draft.parts.broken:
            message = f"Thêm mũi tên và màn hình cần tới cho [{self.shown_role}]."
            self.report.error("arrow-missing", message, self.draft.line, self.draft.column, "=>")

    # --- sub-lines

    def _sub_text(self, code: str) -> str | None:
        piece = self.draft.subs.get(code)
        return piece.text if piece else None

    def _subs(self) -> bool:
        arrow = self.draft.parts.arrow.text if self.draft.parts.arrow else None
        allowed = {
            "wrong": self.role in FIELD_ROLES,
            "warn": self.role in _LED_ROLES and arrow != "=>",
            "body": self.role == "sms",
            "fatal": arrow == "x>" and self.role in _LED_ROLES,
            "alt": self.role == "image",
        }
        for code, word in self.draft.sub_words.items():
            if not allowed[code] and not (self.draft.parts.broken and self.role in _LED_ROLES):
                message = f"“{SUBS.spelling(code)}” {_WHERE_SUB[code]}; bác bỏ dòng này hoặc đưa về đúng chỗ."
                self.report.error("sub-on-wrong-role", message, word.line, word.column)
        fatal = self.draft.subs.get("fatal")
        if fatal and YES.find(fatal.text) is None:
            message = "Sau “chí tử:” chỉ viết “có”; nếu không chí tử thì bỏ cả dòng."
            self.report.error("fatal-value", message, fatal.line, fatal.column, "có")
        return bool(fatal) and allowed["fatal"] and YES.find(fatal.text) is not None

    # --- attributes

    def _attributes(self) -> dict[str, float]:
        numbers: dict[str, float] = {}
        for code, attribute in self.draft.parts.attributes.values.items():
            if self.role not in ROLES_OF_ATTRIBUTE.get(code, ()):
                self._misplaced(code, attribute)
            elif code in _NUMBERS and not self.draft.parts.attributes.broken:
                number = self._number(code, attribute)
                if number is not None:
                    numbers[code] = number
        if self.role == "area":
            self._check_area(numbers)
        return numbers

    def _number(self, code: str, attribute: Attribute) -> float | None:
        least, most, whole = _NUMBERS[code]
        return number_of(self.report, attribute, least, most, whole=whole)

    def _check_area(self, numbers: dict[str, float]) -> None:
        typed = self.draft.parts.attributes.values
        missing = [code for code in "xywh" if code not in typed]
        if missing and not self.draft.parts.broken:
            message = (
                f"Thêm {', '.join(f'{code}=' for code in missing)} tính theo phần trăm của ảnh, như x=10 y=20 w=30 h=8."
            )
            self.report.error("area-missing", message, self.draft.line, self.draft.column)
        for start, size, word in (("x", "w", "rộng"), ("y", "h", "cao")):
            if numbers.get(start, 0) + numbers.get(size, 0) > 100:
                value = typed[size].value
                message = f"{start} và {size} cộng lại không quá 100 phần trăm chiều {word} của ảnh."
                self.report.error("area-outside", message, value.line, value.column)

    def _misplaced(self, code: str, attribute: Attribute) -> None:
        at = attribute.key
        if code == "kind":
            message = "“loại” là thuộc tính của màn hình; bác viết nó ở dòng ## ."
        else:
            owners = ", ".join(sorted(ROLES.spelling(role) for role in ROLES_OF_ATTRIBUTE[code]))
            message = f"[{self.shown_role}] không dùng “{ATTRIBUTES.spelling(code)}”; thuộc tính này của: {owners}."
        self.report.error("attribute-on-wrong-role", message, at.line, at.column)

    def _picture(self) -> str | None:
        attribute = self.draft.parts.attributes.get("picture")
        if attribute is None:
            return None
        code = ICONS.find(attribute.value.text)
        if code is None:
            near = ICONS.nearest(attribute.value.text)
            message = f"Chưa có hình “{attribute.value.text}”, sẽ hiện một hình trơn; gần nhất là “{near}”."
            self.report.warning("unknown-icon", message, attribute.value.line, attribute.value.column, near)
        return code or attribute.value.text

    def _items(self) -> tuple[str, ...]:
        attribute = self.draft.parts.attributes.get("items")
        if attribute is None or self.role != "select":
            return ()
        value = attribute.value
        items = [item.strip() for item in value.text.replace("｜", "|").split("|")]
        if self.draft.parts.broken or not all_closed(plain(value.text)):
            return tuple(items)
        if "" in items or len(set(items)) < len(items) or len(items) < 2:
            message = 'Viết ít nhất hai lựa chọn khác nhau, cách nhau bằng dấu |, như mục="Có | Không".'
            self.report.error("items", message, value.line, value.column)
        items = list(dict.fromkeys(item for item in items if item))
        known = {self._filled(item) for item in items}
        for typed in self.draft.values:
            if self._filled(typed) not in known and self.draft.parts.value:
                near = nearest(typed, items) if items else None
                message = f"“{typed}” không có trong các lựa chọn của mục."
                elsewhere = tone_elsewhere(typed, near) if near else ""
                if elsewhere:
                    message = f"Viết “{near}” như trong mục: chỉ khác chỗ đặt dấu, {elsewhere}."
                place = self.draft.parts.value
                at = place.column + max(place.text.find(typed), 0)
                self.report.error("value-not-in-items", message, place.line, at, near)
        return tuple(items)

    def _filled(self, text: str) -> str:
        return with_folded_names(fill(text, self.data))

    def _src(self) -> str | None:
        attribute = self.draft.parts.attributes.get("src")
        if attribute is None or self.role != "image":
            return None
        try:
            Home(self.folder).check_picture(attribute.value.text)
        except NoSuchPlace as wrong:
            self.report.error("picture", wrong.message, attribute.value.line, attribute.value.column, wrong.suggestion)
        return attribute.value.text

    # --- what may not be missing

    def _needs(self) -> None:
        parts = self.draft.parts
        if self.role in FIELD_ROLES and self._lacks("wrong"):
            self._need(
                "wrong-missing",
                "Thêm dòng “  - sai: …” ngay dưới: câu nhắc khi người học gõ hay chọn chưa đúng.",
                "  - sai: ",
            )
        arrow = parts.arrow.text if parts.arrow else None
        if arrow == "x>" and not parts.broken and self.role in _LED_ROLES and self._lacks("warn"):
            self._need("warn-missing", "Thêm dòng “  - báo: …” ngay dưới: giải thích vì sao đây là bẫy.", "  - báo: ")
        if self.role == "image" and self._lacks("alt"):
            self._need(
                "alt-missing", "Thêm dòng “  - mô tả: …” ngay dưới, cho người không nhìn thấy ảnh.", "  - mô tả: "
            )
        if self.role == "image" and parts.attributes.get("src") is None and not parts.broken:
            self._need("src-missing", "Thêm {src=images/ten-tep.png} sau nhãn.", "{src=images/}")
        if self.role == "sms" and self._lacks("body"):
            self._need("body-missing", "Thêm dòng “  - nội dung: …” ngay dưới: chữ trong tin nhắn.", "  - nội dung: ")
        if self.role == "select" and parts.attributes.get("items") is None and not parts.broken:
            self._need("items-missing", 'Thêm {mục="A | B"} sau nhãn: các lựa chọn.', '{mục="A | B"}')

    def _lacks(self, code: str) -> bool:
        return code not in self.draft.subs and code not in self.draft.empty_subs

    def _need(self, rule: str, message: str, suggestion: str) -> None:
        self.report.error(rule, message, self.draft.line, self.draft.column, suggestion)


def draft_from_data(draft: DraftWidget) -> bool:
    """Whether every alternative is nothing but a ``{{key}}``."""
    return draft.rule is None and all(is_one_placeholder(plain(value)) for value in draft.values)


_NUMBERS: dict[str, tuple[float, float, bool]] = {
    "length": (1, 100, True),
    "seconds": (0, _LONGEST_WAIT, False),
    "hold": (0, 60, False),
    "x": (0, 100, False),
    "y": (0, 100, False),
    "w": (0.01, 100, False),
    "h": (0.01, 100, False),
}

_WHERE_SUB = {
    "wrong": "chỉ dùng dưới ô số, ô chữ, mật khẩu, chọn và công tắc",
    "warn": "chỉ dùng dưới một nút đi đường phụ -> hoặc bẫy x>",
    "body": "chỉ dùng dưới [tin nhắn]",
    "fatal": "chỉ dùng dưới một bẫy x>",
    "alt": "chỉ dùng dưới [ảnh]",
}
