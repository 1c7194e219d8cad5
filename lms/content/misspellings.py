"""Slips inside words: one typed twice, a syllable that Vietnamese does not have, hỏi for ngã, keys left as typed.

Only what is almost certain is told, as warnings: the texts of a course also hold names, commands and foreign words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from operator import eq

from lms.content.code_fences import find_code_lines
from lms.content.keystrokes import read_keystrokes
from lms.content.source import Diagnostics

# Words that are never said twice on purpose, as "từ từ", "ngày ngày" and many others are.
_ONCE = frozenset(
    re.findall(
        r"\w+",
        "và của thì cho với vào trên được các những bác máy mã nút số để đã sẽ khi này ở trong gõ bấm nếu bị bằng "
        "nhưng hoặc chữ tên ông bà cô chú gọi mở đọc nhập cần phải nên trước chưa việc thì như vì cũng đang sắp vẫn "
        "chỉ theo hãy tiền điện thoại mật khẩu quét chạm chọn ngân ứng dụng",
    )
)
# Words that are never right, with the only one that they can be: mostly hỏi for ngã, and ngã for hỏi.
_WRONG_WORDS = (
    "cũa=của gỏ=gõ khẫu=khẩu chử=chữ thễ=thể hảy=hãy phãi=phải chĩ=chỉ cữa=cửa thẽ=thẻ kễ=kể đễ=để xữ=xử gữi=gửi "
    "giử=giữ hõi=hỏi trã=trả tãi=tải quãn=quản bãn=bản lổi=lỗi mổi=mỗi chổ=chỗ rỏ=rõ dể=dễ sẳn=sẵn hẵn=hẳn "
    "ngưởi=người nhửng=những kiễm=kiểm hiễm=hiểm điễm=điểm biễn=biển diển=diễn chuyễn=chuyển tuyễn=tuyển quyễn=quyển "
    "khoãn=khoản đở=đỡ nử=nữ thữ=thử hửu=hữu phẫm=phẩm cãm=cảm giãm=giảm ãnh=ảnh cãnh=cảnh bãy=bảy dảy=dãy "
    "đão=đảo khão=khảo thão=thảo tõ=tỏ nhõ=nhỏ khõe=khỏe tỗ=tổ thũ=thủ chũ=chủ đũ=đủ hũy=hủy thũy=thủy hiễu=hiểu "
    "biễu=biểu miển=miễn sỡ=sở cở=cỡ dử=dữ trử=trữ vửng=vững cưởng=cưỡng thưỡng=thưởng tưỡng=tưởng hưỡng=hưởng "
    "xưỡng=xưởng ngưởng=ngưỡng trưỡng=trưởng dưởng=dưỡng cẫm=cẩm dẩn=dẫn cỗng=cổng tỗng=tổng dủng=dũng bãng=bảng "
    "hảng=hãng khoãng=khoảng triễn=triển ỡ=ở dúp=giúp nghành=ngành"
)
_MEANT = {wrong: right for wrong, _, right in (pair.partition("=") for pair in _WRONG_WORDS.split())}
_WORD = re.compile(r"[^\W\d_]+")
_TWICE = re.compile(r"(?<![\w-])(?P<word>[^\W\d_]+) +(?P<again>[^\W\d_]+)(?![\w-])")
_TOKEN = re.compile(r"(?<![\w./@#{\\-])[^\W\d_]{2,}(?![\w/@{-]|\.\w)")
_KEYS = re.compile(r"(?<![\w./@#{\\=-])[a-z]{3,9}(?![\w/@{=-]|\.\w)")
_NOT_ENGLISH = re.compile(r"\Add[aeiouy]|uw|aa|iee|uoo|uow|oow")
_CODE = re.compile(r"`[^`]*`|\{\{.*?\}\}|\]\([^)]*\)|https?:\S+|\{[^{}]*\}")

_MOST_HARMLESS = 65536  # words of all files together: a few megabytes
_harmless = set[str]()

_INITIALS = re.findall(r"\w+", "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p q r s t v x")
_RHYMES = frozenset(
    re.findall(
        r"\w+",
        "a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc â âm ân âng âp ât âc âu ây "
        "e em en eng eo ep et ec ê em êm ên êng ênh êp êt êch êu i im in inh ip it ich iu ia iêm "
        "iên iêng iêp iêt iêc iêu "
        "o oi om on ong op ot oc oong ooc oa oai oam oan oang oanh oao oap oat oac oach oay oăm oăn oăng oăt oăc "
        "oe oen oeo oet ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn ơng ơp ơt u ui um un ung up ut uc ua "
        "uôi uôm uôn uông uôt uôc uân uâng uât uây uê uêch uênh uơ uy uya uyên uyêt uyu uynh uyt uych uyn uyp "
        "ư ưi ưm ưn ưng ưt ưc ưu ưa ươi ươm ươn ương ươp ươt ươc ươu y yêm yên yêng yêt yêu yn ynh yt ych",
    )
)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = ("p", "t", "c", "ch")
_TONES_OF_STOPPED = {"\u0301", "\u0323"}
_MARKED = re.compile(r"[^\x00-\x7f]")
_VIETNAMESE = re.compile(r"[\u00c0-\u00ff\u0103\u0111\u0129\u0169\u01a1\u01b0\u1ea0-\u1ef9]")
_FOREIGN = re.compile(r"[fjwz]")  # "café"
_FOREIGN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzéèëïöüñç")
_TONE_TOO_EARLY = re.compile(
    r"(?P<first>u\u031b?|[iy])(?P<tone>[\u0300\u0301\u0303\u0309\u0323])(?P<second>o[\u031b\u0302]|e\u0302)"
)
_VOWEL = re.compile(r"[^bcdđfghjklmnpqrstvwxz]")


def check_misspellings(diagnostics: Diagnostics) -> None:
    """Warn of slips inside words, at most once a line for each kind, and not where something else is wrong already."""
    lines = diagnostics.source.lines
    suspicious = _suspicious_lines(lines)
    if not suspicious:
        return
    code, _ = find_code_lines(lines)
    told = {problem.line for problem in diagnostics.problems}
    for number in suspicious:
        typed = lines[number]
        if (
            number in code
            or diagnostics.source.position(number)[0] in told
            or typed.lstrip().startswith(("%%", "="))
            or not typed.strip()
        ):
            continue
        line = _CODE.sub(lambda match: " " * len(match[0]), typed)
        for match in _repeated(line):
            message = f"Bỏ một chữ “{match['word']}”: gõ lặp hai lần."
            diagnostics.warning("word-twice", message, number, match.start("again"))
            break
        for match in _TOKEN.finditer(line):
            if (meant := _MEANT.get(match[0])) and not typed.startswith(":::"):  # fixed words need no tone marks
                message = f"Gõ lại “{match[0]}” thành “{meant}”."
                diagnostics.warning("misspelt-word", message, number, match.start(), meant)
                break
            if _is_misspelt(match[0]):
                message = f"Xem lại chữ “{match[0]}”: tiếng Việt không có vần hay dấu như vậy."
                diagnostics.warning("not-a-syllable", message, number, match.start())
                break
        for match in _KEYS.finditer(line):
            meant = _meant_by_keys(match[0])
            if meant:
                message = f"Gõ lại “{match[0]}” thành “{meant}”: lúc ấy bộ gõ chưa bật."
                diagnostics.warning("keys-as-typed", message, number, match.start(), meant)
                break


def _suspicious_lines(lines: Sequence[str]) -> list[int]:
    """The lines that may have a slip, in their order.

    A file costs one look at each of its different words; one that was judged for any file is not judged again.
    """
    text = "\n".join(lines).casefold()
    for mark in ".,;:!?”)":
        text = text.replace(mark, " ")
    words = text.split()
    may_be_slips = list(filter(_may_be_misspelt, set(words) - _harmless))
    again = _ONCE.intersection(compress(words, map(eq, words, words[1:])))
    patterns = [*map(re.escape, may_be_slips), *(rf"\b{word} +{word}\b" for word in again)]
    found = (match.start() for pattern in patterns for match in re.finditer(pattern, text))
    return sorted({text.count("\n", 0, start) for start in found})


def _may_be_misspelt(small_word: str) -> bool:
    """A name, whose capital is lost here, may be one; ``_harmless`` remembers the others."""
    for word in _WORD.findall(small_word):
        if word in _MEANT or _is_misspelt(word) or (_KEYS.fullmatch(word) and _meant_by_keys(word)):
            return True
    if len(_harmless) >= _MOST_HARMLESS:
        _harmless.clear()
    _harmless.add(small_word)
    return False


def _repeated(line: str) -> Iterator[re.Match[str]]:
    start = 0
    while match := _TWICE.search(line, start):
        if match["word"].casefold() == match["again"].casefold() and match["word"].casefold() in _ONCE:
            yield match
        start = match.start("again")


def _is_misspelt(word: str) -> bool:
    """An abbreviation ("sđt") has no vowel; a name begins with a capital."""
    if _FOREIGN.search(word) and not set(word) - _FOREIGN_LETTERS:
        return False
    return bool(_VIETNAMESE.search(word) and _VOWEL.search(word)) and word.islower() and not is_syllable(word)


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a small word may be a Vietnamese syllable: an initial, a rhyme, and a tone that the rhyme can have."""
    letters = unicodedata.normalize("NFD", word)
    tones = [char for char in letters if char in _TONES]
    plain = unicodedata.normalize("NFC", "".join(char for char in letters if char not in _TONES))
    if len(tones) > 1:
        return False
    for initial in ["", *_INITIALS]:
        rhyme = plain.removeprefix(initial)
        if (
            not plain.startswith(initial)
            or _is_wrong_initial(initial, rhyme)
            or not (rhyme in _RHYMES or (initial == "gi" and rhyme in ("", "n")))
        ):
            continue
        if rhyme.endswith(_STOPPED) and not set(tones) & _TONES_OF_STOPPED:
            continue
        return True
    return False


def _is_wrong_initial(initial: str, rhyme: str) -> bool:
    """Whether the spelling has another initial before this vowel: "ngh" before e, ê and i alone, "ng" never there."""
    is_front = rhyme.startswith(("e", "ê", "i"))
    return (initial in ("ngh", "gh") and not is_front) or (initial in ("ng", "g", "c") and is_front)


@lru_cache(maxsize=8192)
def _meant_by_keys(word: str) -> str:
    """The syllable that Telex makes of keys which no plain word has; "" if they may be a word."""
    if not _NOT_ENGLISH.search(word):
        return ""
    reading = next((reading.text for reading in read_keystrokes(word) if reading.method == "Telex"), "")
    letters = _TONE_TOO_EARLY.sub(r"\g<first>\g<second>\g<tone>", unicodedata.normalize("NFD", reading))
    meant = unicodedata.normalize("NFC", letters)
    return meant if _MARKED.search(meant) and is_syllable(meant) else ""
