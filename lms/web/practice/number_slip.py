"""How a typed number differs from the wanted one. static/js/practice/number-slip.js says the same on the phone."""

from __future__ import annotations

import re
from itertools import pairwise

from lms.message_catalog import SOURCE_LANGUAGE
from lms.web.language import page_language
from lms.web.practice.data_fill import digit_groups

COMPARE = "Bác so lại từng số nhé."
_NO_DIGITS = re.compile(r"[^0-9]+")


def describe_slip(typed: str, wanted: str, *, tells_digits: bool) -> str:
    """One sentence about a slip of the finger; "" if there are no digits, or too many differ.

    ``tells_digits``: it says which digits are wanted, else only where to look. It names no typing: without a script the
    number is chosen from a list. On a translated page, "": the author's own sentence says what is wrong.
    """
    if page_language() != SOURCE_LANGUAGE:
        return ""
    digits, right = _NO_DIGITS.sub("", typed), _NO_DIGITS.sub("", wanted)
    if not digits or not right or digits == right:
        return ""
    if len(digits) < len(right):
        return f"Mới có {len(digits)} số, ở đây cần {len(right)} số."
    if len(digits) > len(right):
        return f"Đang có {len(digits)} số, thừa {len(digits) - len(right)} số."
    wrong = [index for index, (one, other) in enumerate(zip(digits, right, strict=True)) if one != other]
    first, last, cuts = wrong[0], wrong[-1], digit_groups(len(right))
    if last == first + 1 and digits[first : last + 1] == right[last] + right[first]:
        if tells_digits:
            return (
                f"Hai số đổi chỗ cho nhau: trong ô là {digits[first : last + 1]}, ở đây là {right[first : last + 1]}."
            )
        groups = [digits[start:end] for start, end in pairwise(cuts) if start <= last and first < end]
        return f"Chỗ {' '.join(groups)} có hai số đổi chỗ cho nhau. {COMPARE}"
    for start, end in pairwise(cuts):
        if start <= first and last < end:
            where = f"Chỗ {digits[start:end]} chưa khớp"
            return f"{where}, ở đây là {right[start:end]}." if tells_digits else f"{where}. {COMPARE}"
    return ""
