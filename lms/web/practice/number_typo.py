"""How a typed number differs from the wanted one. static/js/practice/number-typo.js says the same on the phone."""

from __future__ import annotations

import re
from itertools import pairwise

from lms.web.language import translate
from lms.web.practice.data_fill import digit_groups

_NO_DIGITS = re.compile(r"[^0-9]+")


def describe_typo(typed: str, wanted: str, *, tells_digits: bool) -> str:
    """One sentence about a typing mistake; "" if there are no digits, or too many differ.

    A short number in one group has no place to point at: that it differs is what the lesson's own sentence says.

    ``tells_digits``: it says which digits are wanted, else only where to look. It names no typing: without a script the
    number is chosen from a list.
    """
    digits, right = _NO_DIGITS.sub("", typed), _NO_DIGITS.sub("", wanted)
    if not digits or not right or digits == right:
        return ""
    if len(digits) < len(right):
        return translate("Mới có {} số, ở đây cần {} số.").format(len(digits), len(right))
    if len(digits) > len(right):
        return translate("Đang có {} số, thừa {} số.").format(len(digits), len(digits) - len(right))
    wrong = [index for index, (one, other) in enumerate(zip(digits, right, strict=True)) if one != other]
    first, last, cuts = wrong[0], wrong[-1], digit_groups(len(right))
    if last == first + 1 and digits[first : last + 1] == right[last] + right[first]:
        if tells_digits:
            swapped = translate("Hai số đổi chỗ cho nhau: trong ô là {}, ở đây là {}.")
            return swapped.format(digits[first : last + 1], right[first : last + 1])
        groups = [digits[start:end] for start, end in pairwise(cuts) if start <= last and first < end]
        return translate("Chỗ {} có hai số đổi chỗ cho nhau. Bác so lại từng số nhé.").format(" ".join(groups))
    for start, end in pairwise(cuts) if cuts[1:-1] else ():
        if start <= first and last < end:
            if tells_digits:
                return translate("Chỗ {} chưa khớp, ở đây là {}.").format(digits[start:end], right[start:end])
            return translate("Chỗ {} chưa khớp. Bác so lại từng số nhé.").format(digits[start:end])
    return ""
