"""Build a Widget from its draft, and check what its role allows and requires."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

from lms.content.fuzzy_matching import Vocabulary, describe_tone_difference, nearest
from lms.content.links import LinkResolver
from lms.content.model import FIELD_ROLES, TAP_ROLES, Direction, Role, Widget
from lms.content.pictures.check import report_picture
from lms.content.practice.area_attributes import check_area, report_units
from lms.content.practice.arrow_targets import check_id
from lms.content.practice.placeholders import are_placeholders_closed, fill_placeholders, with_normalized_names
from lms.content.practice.syntax_tree import Attribute, DraftWidget
from lms.content.practice.value_syntax import MAX_STARS, is_one_placeholder, parse_number, parse_value
from lms.content.practice.vocabulary import (
    ATTRIBUTES,
    DIRECTIONS_OF_ROLE,
    ICONS,
    LOOKS,
    LOOKS_OF_ROLE,
    ROLES,
    ROLES_OF_ATTRIBUTE,
    SPEAKERS,
    SUB_LINES,
    YES,
)
from lms.content.source import Diagnostics, ascii_punctuation

_ARROW_ROLES = TAP_ROLES | {"wait"}  # may have an arrow
_ROLES_REQUIRING_ARROW = frozenset({"scan", "wait", "area"})
_MAX_WAIT_SECONDS = 600  # seconds
_DEFAULT_WRONG: dict[Role, str] = {  # the feedback on a wrong value in a field without a ``sai`` line
    "number": "Chưa đúng. Bác so lại từng số, rồi gõ lại nhé.",
    "text": "Chưa đúng. Bác so lại từng chữ, rồi gõ lại nhé.",
    "password": "Chưa đúng. Bác so lại từng chữ, cả chữ hoa và số nhé.",
    "select": "Chưa đúng. Bác chọn lại nhé.",
    "switch": "Chưa đúng. Bác chạm để đổi lại nhé.",
}
Word = TypeVar("Word", bound=str)


def build_widget(
    diagnostics: Diagnostics, draft: DraftWidget, folder: Path | None, data: Mapping[str, str]
) -> Widget | None:
    """Build the widget as far as possible, and report its problems; None if its role is unknown."""
    if draft.role is None:
        return None
    return _WidgetBuilder(diagnostics, draft, draft.role, folder, data).build()


class _WidgetBuilder:
    def __init__(
        self, diagnostics: Diagnostics, draft: DraftWidget, role: Role, folder: Path | None, data: Mapping[str, str]
    ) -> None:
        self.diagnostics = diagnostics
        self.draft = draft
        self.role: Role = role
        self.shown_role = ROLES.spelling(role)
        self.folder = folder
        self.data = data

    def build(self) -> Widget:
        draft, parts = self.draft, self.draft.parts
        if not parts.label.text:
            message = f"Viết nhãn sau [{self.shown_role}]: chữ mà người học thấy hoặc nghe đọc."
            self.diagnostics.error("label-missing", message, draft.line, draft.column)
        self._build_value()
        self._check_arrow()
        fatal = self._build_sub_lines()
        numbers = self._build_attributes()
        self._check_required()
        typed_id = parts.attributes.id
        src = self._build_src()
        has_area = all(code in numbers for code in "xywh")
        return Widget(
            role=self.role,
            label=parts.label.text,
            line=self.diagnostics.source.position(draft.line)[0],
            id=check_id(self.diagnostics, typed_id) if typed_id else None,
            values=draft.values,
            rule=draft.rule,
            arrow=parts.arrow.text if parts.arrow and self.role in _ARROW_ROLES else None,
            target=draft.target_id or draft.guessed_id,
            wrong=self._sub_line_text("wrong") or _DEFAULT_WRONG.get(self.role),
            warn=self._sub_line_text("warn"),
            body=self._sub_line_text("body"),
            alt=self._sub_line_text("alt"),
            fatal=fatal,
            length=int(numbers["length"]) if "length" in numbers else None,
            seconds=numbers.get("seconds"),
            hold=numbers.get("hold"),
            picture=self._build_picture(),
            items=self._build_items(),
            src=src,
            size=LinkResolver(self.folder).picture_size(src) if src else None,
            area=(numbers["x"], numbers["y"], numbers["w"], numbers["h"]) if has_area else None,
            direction=self._build_direction(),
            detail=self._sub_line_text("detail"),
            time=self._sub_line_text("time"),
            stars=numbers.get("stars"),
            speaker=self._build_speaker(),
            look=self._build_look(),
            ring=self._build_ring(),
            current=self._build_current(),
        )

    # --- value and arrow

    def _build_value(self) -> None:
        value, broken = self.draft.parts.value, self.draft.parts.broken
        if self.role in FIELD_ROLES:
            if not broken:
                parse_value(self.diagnostics, self.draft)
            if value is None and not broken:
                message = (
                    f"Thêm giá trị đúng của ô này: {self.draft.parts.label.text or 'nhãn'} = …, có dấu cách hai bên."
                )
                self.diagnostics.error("value-missing", message, self.draft.line, self.draft.column)
            is_rule = value is not None and ascii_punctuation(value.text).startswith("~")  # reported by parse_value
            if value is None or broken or is_rule:
                return
            if self.role == "password" and not is_value_from_data(self.draft):
                message = "Giá trị của ô mật khẩu lấy từ dữ liệu: thêm một dòng vào “dữ liệu” rồi viết = {{tên}}."
                self.diagnostics.error("password-not-from-data", message, value.line, value.column)
        elif value is not None:
            message = f"[{self.shown_role}] không có gì để gõ hay chọn; bác bỏ phần sau dấu =, hoặc đổi vai."
            self.diagnostics.error("value-on-wrong-role", message, value.line, value.column - 2)

    def _check_arrow(self) -> None:
        arrow = self.draft.parts.arrow
        if arrow is not None and self.role not in _ARROW_ROLES:
            message = f"[{self.shown_role}] không chạm được nên không có mũi tên; bác đặt mũi tên ở một nút."
            if self.role == "label":
                message = f"{message} Là chữ thì bác đặt trong ngoặc kép."
            self.diagnostics.error("arrow-on-wrong-role", message, arrow.line, arrow.column)
        elif arrow is None and self.role in _ROLES_REQUIRING_ARROW and not self.draft.parts.broken:
            message = f"Thêm mũi tên và màn hình cần tới cho [{self.shown_role}]."
            self.diagnostics.error("arrow-missing", message, self.draft.line, self.draft.column, "=>")

    # --- sub-lines

    def _sub_line_text(self, code: str) -> str | None:
        span = self.draft.sub_lines.get(code)
        return span.text if span else None

    def _build_sub_lines(self) -> bool:
        arrow = self.draft.parts.arrow.text if self.draft.parts.arrow else None
        allowed = {
            "wrong": self.role in FIELD_ROLES,
            "warn": self.role in _ARROW_ROLES and arrow != "=>",
            "body": self.role == "sms",
            "fatal": arrow == "x>" and self.role in _ARROW_ROLES,
            "alt": self.role == "image",
            "detail": self.role == "row",
            "time": self.role in ("row", "bubble"),
        }
        for code, word in self.draft.sub_keywords.items():
            if not allowed[code] and not (self.draft.parts.broken and self.role in _ARROW_ROLES):
                message = f"“{SUB_LINES.spelling(code)}” {_SUB_LINE_USE[code]}; bác bỏ dòng này hoặc đưa về đúng chỗ."
                self.diagnostics.error("sub-on-wrong-role", message, word.line, word.column)
        fatal = self.draft.sub_lines.get("fatal")
        if fatal and YES.find(fatal.text) is None:
            message = "Sau “chí tử:” chỉ viết “có”; nếu không chí tử thì bỏ cả dòng."
            self.diagnostics.error("fatal-value", message, fatal.line, fatal.column, "có")
        return bool(fatal) and allowed["fatal"] and YES.find(fatal.text) is not None

    # --- attributes

    def _build_attributes(self) -> dict[str, float]:
        numbers: dict[str, float] = {}
        has_unit = self.role == "area" and report_units(self.diagnostics, self.draft.parts.attributes)
        for code, attribute in self.draft.parts.attributes.values.items():
            if self.role not in ROLES_OF_ATTRIBUTE.get(code, ()):
                self._report_misplaced(code, attribute)
            elif code in _NUMBER_RANGES and not self.draft.parts.attributes.broken and not has_unit:
                number = self._parse_number_in_range(code, attribute)
                if number is not None:
                    numbers[code] = number
        if self.role == "area":
            check_area(self.diagnostics, self.draft, numbers)
        return numbers

    def _parse_number_in_range(self, code: str, attribute: Attribute) -> float | None:
        minimum, maximum, whole = _NUMBER_RANGES[code]
        return parse_number(self.diagnostics, attribute, minimum, maximum, whole=whole)

    def _report_misplaced(self, code: str, attribute: Attribute) -> None:
        key = attribute.key
        if code not in ROLES_OF_ATTRIBUTE:
            message = f"“{ATTRIBUTES.spelling(code)}” là thuộc tính của màn hình; bác viết nó ở dòng ## ."
        else:
            roles = ", ".join(sorted(ROLES.spelling(role) for role in ROLES_OF_ATTRIBUTE[code]))
            message = f"[{self.shown_role}] không dùng “{ATTRIBUTES.spelling(code)}”; thuộc tính này của: {roles}."
        self.diagnostics.error("attribute-on-wrong-role", message, key.line, key.column)

    def _build_direction(self) -> Direction | None:
        attribute, directions = self.draft.parts.attributes.get("direction"), DIRECTIONS_OF_ROLE.get(self.role)
        if attribute is None or directions is None:
            return None
        value = attribute.value
        direction = directions.find(value.text)
        if direction is None and not self.draft.parts.attributes.broken:
            near = directions.nearest(value.text)
            words = ", ".join(directions.spelling(code) for code in directions)
            message = f"Hướng của [{self.shown_role}] là một trong: {words}; gần nhất là “{near}”."
            self.diagnostics.error("unknown-direction", message, value.line, value.column, near)
        return direction

    def _build_picture(self) -> str | None:
        attribute = self.draft.parts.attributes.get("picture")
        return read_icon(self.diagnostics, attribute) if attribute else None

    def _build_speaker(self) -> Literal["them", "me"] | None:
        if self.role != "bubble":
            return None
        return self._find_word("speaker", SPEAKERS, tuple(SPEAKERS), "unknown-speaker") or "them"

    def _build_look(self) -> str | None:
        looks = LOOKS_OF_ROLE.get(self.role)
        return self._find_word("look", LOOKS, looks, "unknown-look") if looks else None

    def _build_current(self) -> bool:
        return self.role == "tab" and self._find_word("current", YES, tuple(YES), "current") is not None

    def _find_word(self, code: str, vocabulary: Vocabulary[Word], allowed: tuple[str, ...], rule: str) -> Word | None:
        """The attribute's value as one of the allowed words; another one is reported with the nearest."""
        attribute = self.draft.parts.attributes.get(code)
        if attribute is None:
            return None
        found = vocabulary.find(attribute.value.text)
        if found in allowed:
            return found
        spellings = [vocabulary.spelling(word) for word in vocabulary if word in allowed]
        near = nearest(attribute.value.text, spellings)
        message = f"“{attribute.key.text}” của [{self.shown_role}] là: {', '.join(spellings)}; gần nhất là “{near}”."
        self.diagnostics.error(rule, message, attribute.value.line, attribute.value.column, near)
        return None

    def _build_ring(self) -> str | None:
        """The name of the ringed line of a card."""
        attribute = self.draft.parts.attributes.get("ring")
        if attribute is None or self.role != "card":
            return None
        value = attribute.value
        names = [name for name, _ in map(split_card_line, self._build_items())]
        if names and value.text not in names and not self.draft.parts.broken:
            near = nearest(value.text, names)
            message = f"Trên thẻ không có “{value.text}”; viết đúng chữ trước dấu hai chấm trong mục, như “{near}”."
            self.diagnostics.error("ring-not-in-items", message, value.line, value.column, near)
        return value.text

    def _build_items(self) -> tuple[str, ...]:
        attribute = self.draft.parts.attributes.get("items")
        if attribute is None or self.role not in ROLES_OF_ATTRIBUTE["items"]:
            return ()
        value = attribute.value
        items = [item.strip() for item in value.text.replace("｜", "|").split("|")]
        if self.draft.parts.broken or not are_placeholders_closed(ascii_punctuation(value.text)):
            return tuple(items)
        if self.role == "card":
            if "" in items:
                message = 'Viết các dòng của thẻ cách nhau bằng dấu |, như mục="Số: 099060000123 | Họ tên: Tập".'
                self.diagnostics.error("items", message, value.line, value.column)
            return tuple(item for item in items if item)
        if "" in items or len(set(items)) < len(items) or len(items) < 2:
            split = [item.strip() for item in re.split("[,;/]", value.text)]
            meant = " | ".join(split) if len(items) == 1 and len(set(split)) > 1 and "" not in split else None
            message = 'Viết ít nhất hai lựa chọn khác nhau, cách nhau bằng dấu |, như mục="Có | Không".'
            self.diagnostics.error("items", message, value.line, value.column, meant)
            if meant:
                return tuple(split)  # what else seems wrong follows from the sign
        items = list(dict.fromkeys(item for item in items if item))
        known = {self._comparable(item) for item in items}
        for typed in self.draft.values:
            if self._comparable(typed) not in known and self.draft.parts.value:
                near = nearest(typed, items) if items else None
                message = f"“{typed}” không có trong các lựa chọn của mục."
                tone_difference = describe_tone_difference(typed, near) if near else ""
                if tone_difference:
                    message = f"Viết “{near}” như trong mục: chỉ khác chỗ đặt dấu, {tone_difference}."
                value = self.draft.parts.value
                column = value.column + max(value.text.find(typed), 0)
                self.diagnostics.error("value-not-in-items", message, value.line, column, near)
        return tuple(items)

    def _comparable(self, text: str) -> str:
        return with_normalized_names(fill_placeholders(text, self.data))

    def _build_src(self) -> str | None:
        attribute = self.draft.parts.attributes.get("src")
        if attribute is None or self.role != "image":
            return None
        value = attribute.value
        report_picture(self.diagnostics, LinkResolver(self.folder), value.text, value.line, value.column)
        return value.text

    # --- required parts

    def _check_required(self) -> None:
        parts = self.draft.parts
        if self.role in FIELD_ROLES and self._lacks("wrong"):
            said = _DEFAULT_WRONG[self.role]
            message = f"Chưa có dòng “  - sai: …”, nên máy sẽ nói: “{said}” Bác viết câu riêng thì giúp hơn."
            self.diagnostics.warning("wrong-missing", message, self.draft.line, self.draft.column, "  - sai: ")
        arrow = parts.arrow.text if parts.arrow else None
        if arrow == "x>" and not parts.broken and self.role in _ARROW_ROLES and self._lacks("warn"):
            self._report_missing(
                "warn-missing", "Thêm dòng “  - báo: …” ngay dưới: giải thích vì sao đây là bẫy.", "  - báo: "
            )
        if self.role == "image" and self._lacks("alt"):
            self._report_missing(
                "alt-missing", "Thêm dòng “  - mô tả: …” ngay dưới, cho người không nhìn thấy ảnh.", "  - mô tả: "
            )
        if self.role == "image" and self._lacks_attribute("src"):
            self._report_missing("src-missing", "Thêm {src=images/ten-tep.png} sau nhãn.", "{src=images/}")
        if self.role == "sms" and self._lacks("body"):
            self._report_missing(
                "body-missing", "Thêm dòng “  - nội dung: …” ngay dưới: chữ trong tin nhắn.", "  - nội dung: "
            )
        directions = DIRECTIONS_OF_ROLE.get(self.role)
        if directions is not None and self._lacks_attribute("direction"):
            shown = [f"{{hướng={directions.spelling(code)}}}" for code in directions]
            message = f"Thêm {' hoặc '.join(shown)} sau nhãn: ngón tay đi hướng nào."
            self._report_missing("direction-missing", message, shown[0])
        if self.role == "card" and self._lacks_attribute("items"):
            self._report_missing(
                "items-missing", 'Thêm {mục="Tên: … | Số: …"} sau nhãn: các dòng trên thẻ.', '{mục="Tên: … | Số: …"}'
            )
        if self.role == "select" and self._lacks_attribute("items"):
            self._report_missing("items-missing", 'Thêm {mục="A | B"} sau nhãn: các lựa chọn.', '{mục="A | B"}')

    def _lacks(self, code: str) -> bool:
        return code not in self.draft.sub_lines and code not in self.draft.empty_sub_lines

    def _lacks_attribute(self, code: str) -> bool:
        attributes = self.draft.parts.attributes
        return attributes.get(code) is None and not attributes.has_unknown and not self.draft.parts.broken

    def _report_missing(self, rule: str, message: str, suggestion: str) -> None:
        self.diagnostics.error(rule, message, self.draft.line, self.draft.column, suggestion)


def read_icon(diagnostics: Diagnostics, attribute: Attribute) -> str:
    """The icon's name; an unknown one is reported and kept."""
    code = ICONS.find(attribute.value.text)
    if code is None:
        near = ICONS.nearest(attribute.value.text)
        message = f"Chưa có hình “{attribute.value.text}”, sẽ hiện một hình trơn; gần nhất là “{near}”."
        diagnostics.warning("unknown-icon", message, attribute.value.line, attribute.value.column, near)
    return code or attribute.value.text


def split_card_line(item: str) -> tuple[str, str]:
    """The name and the value of a card's line; "" for the value of a line without a colon."""
    name, _, value = item.partition(":")
    return name.strip(), value.strip()


def is_value_from_data(draft: DraftWidget) -> bool:
    """Whether every alternative is exactly one ``{{key}}``."""
    return draft.rule is None and all(is_one_placeholder(ascii_punctuation(value)) for value in draft.values)


_NUMBER_RANGES: dict[str, tuple[float, float, bool]] = {
    "length": (1, 100, True),
    "seconds": (0, _MAX_WAIT_SECONDS, False),
    "hold": (0, 60, False),
    "stars": (0, MAX_STARS, False),
    "x": (0, 100, False),
    "y": (0, 100, False),
    "w": (0.01, 100, False),
    "h": (0.01, 100, False),
}

_SUB_LINE_USE = {
    "wrong": "chỉ dùng dưới ô số, ô chữ, mật khẩu, chọn và công tắc",
    "warn": "chỉ dùng dưới một nút đi đường phụ -> hoặc bẫy x>",
    "body": "chỉ dùng dưới [tin nhắn]",
    "fatal": "chỉ dùng dưới một bẫy x>",
    "alt": "chỉ dùng dưới [ảnh]",
    "detail": "chỉ dùng dưới [dòng]",
    "time": "chỉ dùng dưới [dòng] và [lời]",
}
