"""Check the place and size of a touch area on a picture, which are percentages of the picture."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.practice.syntax_tree import Attributes, DraftWidget
from lms.content.source import Diagnostics


def report_units(diagnostics: Diagnostics, attributes: Attributes) -> bool:
    """Report an area in pixels, or with percent signs, once; returns whether it is one."""
    typed = {code: attribute.value for code, attribute in attributes.values.items() if code in "xywh"}
    numbers = {code: re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\s*(%|px)?", value.text) for code, value in typed.items()}
    in_pixels = [code for code, found in numbers.items() if found and (found[2] == "px" or _number(found[1]) > 100)]
    signs = [code for code, found in numbers.items() if found and found[2]]
    if not all(numbers.values()) or not (in_pixels or signs):
        return False
    message = "Số đo của [vùng] tính theo phần trăm của ảnh, từ 0 đến 100, viết số thôi, không kèm đơn vị."
    meant = " ".join(f"{code}={found[1]}" for code, found in numbers.items() if found)
    if in_pixels:
        message = (
            "Số đo của [vùng] tính theo phần trăm của ảnh, từ 0 đến 100, không phải điểm ảnh: lấy số điểm nhân "
            "100, rồi chia cho chiều rộng (x, w) hay chiều cao (y, h) của ảnh."
        )
    value = typed[(in_pixels or signs)[0]]
    diagnostics.error("bad-number", message, value.line, value.column, None if in_pixels else meant)
    return True


def check_area(diagnostics: Diagnostics, draft: DraftWidget, numbers: Mapping[str, float]) -> None:
    """Report what an area lacks, and where it ends outside its picture. ``numbers``: its valid attributes."""
    typed = draft.parts.attributes.values
    missing = [code for code in "xywh" if code not in typed]
    if missing and not draft.parts.broken and not draft.parts.attributes.has_unknown:
        names = ", ".join(f"{code}=" for code in missing)
        message = f"Thêm {names} tính theo phần trăm của ảnh, như x=10 y=20 w=30 h=8."
        diagnostics.error("area-missing", message, draft.line, draft.column)
    for start, size, word in (("x", "w", "rộng"), ("y", "h", "cao")):
        if numbers.get(start, 0) + numbers.get(size, 0) > 100:
            value = typed[size].value
            message = f"{start} và {size} cộng lại không quá 100 phần trăm chiều {word} của ảnh."
            diagnostics.error("area-outside", message, value.line, value.column)


def _number(typed: str) -> float:
    return float(typed.replace(",", "."))
