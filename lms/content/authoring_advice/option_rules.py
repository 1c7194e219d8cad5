"""Advice about the options of a decision: none should be found without reading."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.authoring_advice.advice import AdvisedFile
from lms.content.authoring_advice.learner_decisions import LearnerDecision
from lms.content.authoring_advice.plain_words import (
    contains_negation,
    content_words,
    shorten_text,
    split_into_words,
)

LONGER = 1.4  # times the next longest option
# What people do with a phone: an option about one of these is never far-fetched.
USUAL_ACTS = frozenset(
    split_into_words(
        "bấm cài chạm chụp chuyển cúp đặt đọc đợi ghi gọi gõ gỡ gửi hỏi lưu mở nghe nhắn nhập nhờ quét tắt thử xóa"
    )
)
MIN_SURPLUS = 6  # characters; among short options such as "Có" and "Chưa" a ratio means nothing


def advise_on_options(file: AdvisedFile, decision: LearnerDecision, counts: Mapping[str, int]) -> None:
    """``counts`` are the content words of the whole lesson."""
    _check_length(file, decision)
    _check_refusal(file, decision)
    _check_plausibility(file, decision, counts)


def is_longest(decision: LearnerDecision) -> bool:
    """Whether the right option is the longest by far."""
    right = len(decision.right.text)
    next_longest = max(len(option.text) for option in decision.wrong)
    return right >= LONGER * next_longest and right - next_longest >= MIN_SURPLUS


def is_only_refusal(decision: LearnerDecision) -> bool:
    return contains_negation(decision.right.text) and not any(
        contains_negation(option.text) for option in decision.wrong
    )


def _check_length(file: AdvisedFile, decision: LearnerDecision) -> None:
    if not is_longest(decision):
        return
    right = decision.right
    longest = max(len(option.text) for option in decision.wrong)
    message = (
        f"Rút gọn “{shorten_text(right.text)}”, hoặc viết lựa chọn khác dài ra:"
        f" đáp án đúng dài {len(right.text)} ký tự, lựa chọn kế {longest}."
    )
    file.advise("longest-right-option", message, right.line, decision.heading)


def _check_refusal(file: AdvisedFile, decision: LearnerDecision) -> None:
    if is_only_refusal(decision):
        message = (
            f"Cho một lựa chọn sai cũng từ chối, hoặc bớt chữ từ chối ở “{shorten_text(decision.right.text)}”:"
            " chỉ đáp án đúng nói không."
        )
        file.advise("only-refusing-option", message, decision.right.line, decision.heading)


def _check_plausibility(file: AdvisedFile, decision: LearnerDecision, counts: Mapping[str, int]) -> None:
    """Report options about something that neither the question, nor a sibling, nor the rest of the lesson mentions."""
    for option in decision.wrong:
        subject, comment = content_words(option.text), content_words(option.comment)
        is_alone = all(counts.get(word, 0) <= 1 + (word in comment) for word in subject)
        if len(subject) > 1 and is_alone and not subject & USUAL_ACTS:
            shown = shorten_text(option.text)
            message = f"Thay “{shown}” bằng điều người ta hay làm thật: nó không dính gì tới câu hỏi, tới bài."
            file.advise("implausible-option", message, option.line, decision.heading)
