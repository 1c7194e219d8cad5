"""The buttons of the desk: the main one, "Lùi" and the smaller ones, with the commands that they send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from lms.learning.classroom.session.state import MAX_ROUNDS, ClassState
from lms.learning.classroom.session.steps import Step
from lms.message_catalog import mark_for_translation
from lms.web.classroom.question_display import ROUND_NAMES
from lms.web.language import translate

NEXT_LABEL = mark_for_translation("Tiếp")
NULL = "null"  # a form's value for "none": clears the wait screen, the guidance level or the shown screen


@dataclass(frozen=True, slots=True)
class DeskAction:
    """A button with its command as form fields. ``hint`` says what the command leads to.

    A button with ``href`` is a link to a page that asks for confirmation first.
    """

    label: str
    hint: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    href: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class DeskActions:
    """``main`` is the big button; ``others`` are smaller alternatives, of which the ``urgent`` ones stay in sight."""

    main: DeskAction
    back: DeskAction | None
    others: tuple[DeskAction, ...] = ()
    urgent: tuple[DeskAction, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPath:
    """The steps in which the wall demonstrates a practice."""

    instructions: tuple[Markup, ...] = ()
    screens: tuple[str, ...] = ()  # the screen of each step

    def step_range(self, screen: str) -> tuple[int, int]:
        """Index of the first and last step on a screen; (0, -1) if the path does not visit it."""
        indexes = [index for index, screen_id in enumerate(self.screens) if screen_id == screen]
        return (indexes[0], indexes[-1]) if indexes else (0, -1)


def desk_actions(
    steps: Sequence[Step],
    state: ClassState,
    demo_path: DemoPath,
    *,
    step_labels: Mapping[str, str],
    close_url: str,
    is_poll: bool = False,
    in_last_minute: bool = False,
    resume_actions: Sequence[DeskAction] = (),
) -> DeskActions:
    """Build the buttons for the current step.

    ``step_labels`` are keyed by step key; ``close_url`` is the page that confirms closing. ``resume_actions`` release a
    paused or waiting class, the most urgent first. ``in_last_minute``: the question says that its end is near.
    """
    index = next((index for index, step in enumerate(steps) if step.key == state.step), 0)
    step = steps[index]
    # After an edit of the lesson ``state.step`` may not exist in ``steps``; commands still have to name it.
    next_action, back_action = (
        _next_action(steps, index + 1, state.step, step_labels, close_url),
        _back_action(steps, index, state.step, step_labels),
    )
    if step.kind == "question":
        last_minute = (_last_minute_action(step, in_last_minute),)
        return _put_resume_action_first(
            _question_actions(step, state, next_action, back_action, is_poll, () if resume_actions else last_minute),
            resume_actions,
        )
    if step.kind == "demo" and demo_path.instructions:
        return _add_resume_actions(_demo_actions(state, next_action, back_action, demo_path), resume_actions)
    if step.kind == "practice" and state.demo_screen:
        return _add_resume_actions(_single_screen_actions(state, demo_path), resume_actions)
    return _put_resume_action_first(DeskActions(next_action, back_action), resume_actions)


def _add_resume_actions(actions: DeskActions, resume_actions: Sequence[DeskAction]) -> DeskActions:
    """During a demonstration "Tiếp" stays the main button: the phones wait until it ends."""
    return replace(actions, urgent=(*actions.urgent, *resume_actions))


def _put_resume_action_first(actions: DeskActions, resume_actions: Sequence[DeskAction]) -> DeskActions:
    """While the class is paused or waiting, resuming is the main button and "Tiếp" becomes a small one."""
    if not resume_actions:
        return actions
    next_action = actions.main
    is_next = next_action.label == translate(NEXT_LABEL)
    label = f"{next_action.label}: {next_action.hint}" if is_next else next_action.label
    small_action = DeskAction(label, fields=next_action.fields, href=next_action.href, icon="next")
    return replace(
        actions,
        main=resume_actions[0],
        others=(small_action, *actions.others),
        urgent=(*actions.urgent, *resume_actions[1:]),
    )


def _next_action(
    steps: Sequence[Step], index: int, current_key: str, step_labels: Mapping[str, str], close_url: str
) -> DeskAction:
    if index >= len(steps):
        return DeskAction(translate("Đóng lớp"), translate("Hỏi lại một lần trước khi đóng"), href=close_url)
    return DeskAction(
        translate(NEXT_LABEL), step_labels[steps[index].key], (("to", steps[index].key), ("from", current_key))
    )


def _back_action(
    steps: Sequence[Step], index: int, current_key: str, step_labels: Mapping[str, str]
) -> DeskAction | None:
    if index == 0:
        return None
    previous = steps[index - 1].key
    return DeskAction(translate("Lùi"), step_labels[previous], (("to", previous), ("from", current_key)), icon="back")


def _question_actions(
    step: Step,
    state: ClassState,
    next_action: DeskAction,
    back_action: DeskAction | None,
    is_poll: bool,
    last_minute: tuple[DeskAction, ...],
) -> DeskActions:
    """The main button takes a question through its phases: read, open, locked, shown."""
    skip = DeskAction(translate("Bỏ qua câu này"), fields=next_action.fields, href=next_action.href, icon="next")
    next_round = _next_round_action(step, state, is_poll)
    match state.phase:
        case "open":
            lock = DeskAction(
                translate("Khóa câu trả lời"),
                translate("Từ lúc đó không ai đổi được nữa"),
                _phase_command(step, "locked"),
            )
            return DeskActions(lock, back_action, (skip,), last_minute)
        case "locked":
            label = translate("Xem cả lớp chọn gì") if is_poll else translate("Xem đáp án")
            reopen = DeskAction(translate("Mở lại cho sửa"), fields=_phase_command(step, "open"), icon="again")
            return DeskActions(
                DeskAction(label, translate("Hiện trên màn chiếu và trên các máy"), _phase_command(step, "shown")),
                back_action,
                urgent=(*next_round, reopen),
            )
        case "shown":
            return DeskActions(next_action, back_action, urgent=next_round)
        case _:
            hint = (
                translate("Bà con trả lời trên máy của mình")
                if state.round == 1
                else translate("Bàn với người ngồi cạnh xong thì mở")
            )
            return DeskActions(
                DeskAction(translate("Mở câu hỏi"), hint, _phase_command(step, "open")), back_action, (skip,)
            )


def _next_round_action(step: Step, state: ClassState, is_poll: bool) -> tuple[DeskAction, ...]:
    """Ask the question once more; not for a poll and not after the last round."""
    if is_poll or state.round >= MAX_ROUNDS:
        return ()
    fields = (("round", str(state.round + 1)), ("step", step.key))
    return (
        DeskAction(
            translate("Hỏi lại {round}").format(round=translate(ROUND_NAMES[state.round + 1])),
            fields=fields,
            icon="people",
        ),
    )


def _last_minute_action(step: Step, in_last_minute: bool) -> DeskAction:
    """Say on all screens that the end is near, or take it back. It locks nothing: a slow typist loses no answer."""
    label, value = (
        (translate("Thôi báo “Còn 1 phút”"), "false") if in_last_minute else (translate("Còn 1 phút"), "true")
    )
    return DeskAction(label, fields=(("last_minute", value), ("step", step.key)), icon="clock")


def _phase_command(step: Step, phase: str) -> tuple[tuple[str, str], ...]:
    return (("phase", phase), ("step", step.key))


def _demo_actions(
    state: ClassState, next_action: DeskAction, back_action: DeskAction | None, path: DemoPath
) -> DeskActions:
    done = min(state.demo_step, len(path.instructions))
    step_back = _demo_action(state, translate("Lùi"), done - 1, icon="back") if done else back_action
    skip = DeskAction(
        translate("Thôi làm mẫu. {hint}").format(hint=next_action.hint),
        fields=next_action.fields,
        href=next_action.href,
        icon="next",
    )
    if done == len(path.instructions):
        return DeskActions(next_action, step_back)
    return DeskActions(
        _demo_action(state, translate("Bước tiếp"), done + 1, _next_step_hint(done, len(path.instructions))),
        step_back,
        urgent=(skip,),
    )


def _single_screen_actions(state: ClassState, path: DemoPath) -> DeskActions:
    """Demonstrate one screen step by step, then return to the row of screens."""
    first, last = path.step_range(state.demo_screen or "")
    finish = DeskAction(
        translate("Xong, về chỗ cả lớp tập"), translate("Màn chiếu lại hiện mọi màn"), (("demo_of", NULL),)
    )
    done = state.demo_step
    step_back = _demo_action(state, translate("Lùi"), done - 1, icon="back") if done > first else None
    if done > last:
        return DeskActions(finish, step_back)
    return DeskActions(
        _demo_action(
            state, translate("Bước tiếp"), done + 1, _next_step_hint(done - first, last - first + 1, single_screen=True)
        ),
        step_back,
        (finish,),
    )


def _next_step_hint(done: int, total: int, *, single_screen: bool = False) -> str:
    """What the wall shows after the next tap: with ``done`` steps done it now shows step ``done + 1``."""
    if done + 1 >= total:
        return translate("Hiện màn kế tiếp")
    return (
        translate("Bước {number} trong {total} của màn này").format(number=done + 2, total=total)
        if single_screen
        else translate("Làm mẫu bước {number} trong {total}").format(number=done + 2, total=total)
    )


def _demo_action(state: ClassState, label: str, step: int, hint: str = "", *, icon: str = "") -> DeskAction:
    return DeskAction(label, hint, (("demo", str(step)), ("from", state.step)), icon=icon)
