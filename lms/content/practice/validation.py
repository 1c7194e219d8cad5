"""Validate a practice as a whole: its goal is reachable from everywhere, and the expected path scores 100."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.fuzzy_matching import MAX_MISSPELT_DISTANCE, nearest, normalize_word, word_distance
from lms.content.model import CompiledModel, Mode, Practice
from lms.content.practice import engine, fields
from lms.content.practice.action_paths import PathStep, expected_path, possible_mistakes, shortest_path, to_events
from lms.content.practice.arrow_targets import ROLES_WITHOUT_ARROW
from lms.content.practice.compiling import (
    compile_model,
    generate_random_data,
    main_path,
    path_screens,
    random_digit_count,
)
from lms.content.practice.fields import is_redaction_code
from lms.content.practice.front_matter import PracticeFrontMatter
from lms.content.practice.graph import branching_points, reachable, reversed_edges, shortest_paths_to
from lms.content.practice.placeholders import (
    SINGLE_BRACES,
    are_placeholders_closed,
    fill_placeholders,
    placeholder_names,
)
from lms.content.practice.syntax_tree import DraftPractice, DraftScreen, DraftWidget
from lms.content.problems import has_errors
from lms.content.source import Diagnostics, ascii_punctuation

_SEED = "proof"


def validate_practice(
    diagnostics: Diagnostics, front_matter: PracticeFrontMatter, draft: DraftPractice, practice: Practice
) -> None:
    """Check everything that docs/format.md lists for practices, and report violations."""
    _Validator(diagnostics, front_matter, draft, practice).run()


class _Validator:
    def __init__(
        self, diagnostics: Diagnostics, front_matter: PracticeFrontMatter, draft: DraftPractice, practice: Practice
    ) -> None:
        self.diagnostics = diagnostics
        self.front_matter = front_matter
        self.practice = practice
        self.screens = {screen.id: screen for screen in draft.screens}
        self.path = main_path(practice)
        self.recovered: set[str] = set()  # screens from which the goal was reached after a mistake
        # An invalid arrow may lead anywhere. Assuming edges to all screens avoids errors that fixing it would resolve.
        all_screens = list(self.screens)
        self.edges = {
            screen.id: all_screens
            if _has_unknown_exit(screen) or self._ending_traps(screen)
            else _arrow_targets(screen)
            for screen in draft.screens
            if screen.kind != "end"
        }
        self.duplicates: set[str] = set()
        for screen in draft.screens:  # an arrow to one of two duplicates may mean the other
            if screen.duplicate_of is not None:
                self.duplicates |= {screen.id, screen.duplicate_of}
                for first, second in ((screen.id, screen.duplicate_of), (screen.duplicate_of, screen.id)):
                    self.edges[first] = [*self.edges.get(first, ()), second]

    def run(self) -> None:
        if not self.screens:
            message = "Thêm ít nhất một màn hình: một dòng ## rồi tên màn hình."
            self.diagnostics.error(
                "no-screens", message, min(self.front_matter.matter.body, len(self.diagnostics.source.lines) - 1)
            )
            return
        self._check_values()
        self._check_wrong_screens()
        self._check_traps()
        self._check_start_and_goal()
        if self.practice.start in self.screens and self.screens[self.practice.start].kind != "end":
            self._check_reachability()
            self._check_main_path()
            self._check_messages()
        if not has_errors(self.diagnostics.problems):
            self._check_walks()

    # --- fields

    def _check_values(self) -> None:
        """Every value of a field must be one that the field accepts."""
        data = generate_random_data(self.practice, _SEED)
        for screen in self.screens.values():
            for widget in screen.widgets:
                for value in widget.values:
                    self._check_value(widget, fill_placeholders(value, data), value)

    def _check_value(self, widget: DraftWidget, filled: str, typed: str) -> None:
        value_span = widget.parts.value
        if value_span is None or "{{" in ascii_punctuation(filled) or widget.role is None or widget.parts.broken:
            return
        column = value_span.column + max(value_span.text.find(typed), 0)
        if not fields.is_filled_in_correctly(widget.role, None, (filled,), filled):
            if is_redaction_code(typed):
                return
            needed = "ô số cần có chữ số" if widget.role == "number" else "đó là chữ dành riêng cho máy"
            message = f"“{filled}” không bao giờ được ô này nhận: {needed}."
            near = self._near_name(typed)
            if near:
                message = f"{message} Muốn lấy dữ liệu thì viết “{near}”."
            self.diagnostics.error("value-never-holds", message, value_span.line, column, near)
            return
        length = widget.parts.attributes.get("length")
        digits = len(fields.comparison_key("number", filled))
        if widget.role == "number" and length and length.value.text.isdecimal() and 0 < int(length.value.text) < digits:
            message = f"Giá trị có {digits} chữ số, gõ không vừa ô dài {length.value.text}; bác sửa cho khớp."
            self.diagnostics.error("length-too-short", message, length.value.line, length.value.column, str(digits))

    def _near_name(self, typed: str) -> str | None:
        """A name of the data that a value is, but for its spelling; in braces."""
        names = [name for name, _ in self.front_matter.data]
        near = nearest(typed, names) if names and "{" not in typed else None
        return "{{" + near + "}}" if near and word_distance(typed, near) <= MAX_MISSPELT_DISTANCE else None

    # --- screens

    def _check_wrong_screens(self) -> None:
        incoming = reversed_edges(self.edges)
        for screen in self.screens.values():
            if screen.kind != "wrong":
                continue
            predecessors = incoming.get(screen.id, set()) - {screen.id}
            reachable_screens = reachable(self.edges, [screen.id]) - {screen.id}
            if not reachable_screens or (predecessors and not predecessors & reachable_screens):
                message = (
                    "Thêm một đường quay lại từ màn hình lạc này, như - [quay lại] Quay lại -> tên màn hình trước."
                )
                self._at_heading("lost-without-way-back", message, screen)

    def _ending_traps(self, screen: DraftScreen) -> list[DraftWidget]:
        """The traps of a screen that lead to an end."""
        return [
            widget
            for widget in screen.widgets
            if not widget.parts.broken
            and widget.parts.arrow
            and widget.parts.arrow.text == "x>"
            and (target := self.screens.get(widget.leads_to or ""))
            and (target.kind == "end" or target.id == self.practice.goal)
        ]

    def _check_traps(self) -> None:
        """Whoever falls into a trap decides again: it leads neither to an end nor past its screen to the goal."""
        for screen in self.screens.values():
            ending = self._ending_traps(screen)
            for widget in ending:
                message = "Bẫy x> không dẫn tới màn hình kết; bác cho nó dẫn tới một màn hình lạc có đường quay lại."
                self.diagnostics.error("trap-ends", message, widget.line, widget.column)
            if not ending and screen.id in self.path and screen.id not in self.duplicates:
                self._check_ways_past(screen)

    def _check_ways_past(self, screen: DraftScreen) -> None:
        """Whoever fell into a trap of this screen must not pass without deciding here again."""
        others = {start: targets for start, targets in self.edges.items() if start != screen.id}
        beside = {start: targets for start, targets in others.items() if start not in self.path}
        for widget in screen.widgets:
            arrow, target = widget.parts.arrow, self.screens.get(widget.leads_to or "")
            if arrow is None or arrow.text != "x>" or target is None or target.id == screen.id or widget.parts.broken:
                continue
            if "fatal" in widget.sub_lines or self._has_error_at(target):  # a fatal trap lets nobody pass
                continue
            never_back = screen.id not in reachable(self.edges, [target.id])
            if self.practice.goal in reachable(others if never_back else beside, [target.id]):
                message = (
                    f"Ai sập bẫy này vẫn đi tới đích mà không chọn lại: cho mọi đường từ “{target.title.text}” "
                    f"quay về “{screen.title.text}”."
                )
                suggestion = f"- [quay lại] Quay lại -> {screen.title.text}"
                self.diagnostics.error("trap-passes", message, widget.line, widget.column, suggestion)

    def _check_start_and_goal(self) -> None:
        start, goal = self.screens.get(self.practice.start), self.screens.get(self.practice.goal)
        typed = self.front_matter.matter.value("start")
        if (
            start is not None
            and start.kind == "end"
            and typed is not None
            and " ".join(typed.text.split())
            in (start.title.text, f"#{start.id}")  # an exact title; a guessed one is reported elsewhere
        ):
            message = "Màn hình bắt đầu không thể là màn hình kết; bác chọn màn hình khác."
            self.diagnostics.error("start-is-end", message, typed.line, typed.column)
        if start is not None and start.kind == "end" and self.front_matter.matter.lacks("start"):
            message = "Thêm một màn hình ở trước: bài tập bắt đầu ở màn hình đầu tiên, mà nó là màn hình kết."
            self._at_heading("start-is-end", message, start)
        if goal is not None and goal.kind != "end" and not goal.attributes.broken:
            message = "Thêm {loại=kết} vào tên màn hình này: nó là đích của bài tập."
            self._at_heading("goal-not-end", message, goal, "{loại=kết}")

    def _check_reachability(self) -> None:
        reached = reachable(self.edges, [self.practice.start])
        can_reach_goal = reachable(reversed_edges(self.edges), [self.practice.goal])
        for screen in self.screens.values():
            if screen.id not in reached:
                message = (
                    f"Không có mũi tên nào dẫn tới “{screen.title.text}”; bác thêm đường tới, hoặc xóa màn hình này."
                )
                self._at_heading("unreachable", message, screen)
            elif (
                screen.kind == "end"
                or screen.id in self.duplicates
                or screen.id in can_reach_goal
                or self.practice.goal not in self.screens
            ):
                continue
            elif not (screen.kind == "wrong" and not self.edges[screen.id]):
                message = f"Từ “{screen.title.text}” không đi được tới đích; bác thêm mũi tên dẫn về đường đúng."
                self._at_heading("dead-end", message, screen)

    def _check_main_path(self) -> None:
        """The main path must lead from the start to the goal."""
        last = self.screens[self.path[-1]]
        if last.id == self.practice.goal or self.practice.goal not in self.screens:
            return
        if (
            self.duplicates.intersection(self.path)
            or any(_is_uncertain(self.screens[screen_id]) for screen_id in self.path)
            or self._has_error_at(last)
            or self._ending_traps(last)  # x> for =>, which was reported
        ):
            return
        if last.kind == "end":
            message = "Đường đúng => dẫn tới màn hình kết này, mà nó không phải đích; bác sửa mũi tên hoặc sửa “đích”."
        elif any(widget.parts.arrow and widget.parts.arrow.text == "=>" for widget in last.widgets):
            message = "Đường đúng => từ đây quay vòng về màn hình đã qua; bác sửa để nó đi tới đích."
        else:
            message = "Thêm một mũi tên => ở màn hình này: đường đúng dừng lại ở đây, chưa tới đích."
        self._at_heading("path-broken", message, last)

    def _check_messages(self) -> None:
        """A field with a drawn value needs a message that shows it, on its screen or earlier on the path."""
        drawn = {
            normalize_word(name): name
            for name, value in self.front_matter.data
            if random_digit_count(value) is not None
        }
        if not drawn:
            return
        branches = branching_points(self.edges, self.path)
        for screen in self.screens.values():
            wanted = [(widget, name) for widget in screen.widgets for name in _value_names(widget) if name in drawn]
            if not wanted:
                continue
            predecessors = self.path[: branches.get(screen.id, len(self.path)) + 1]
            reached = [self.screens[screen_id] for screen_id in (*predecessors, screen.id)]
            if any(map(_has_invalid_message, reached)):
                continue
            shown = {name for earlier in reached for name in _shown_names(earlier)}
            for widget, name in wanted:
                if name not in shown:
                    message = (
                        f"Thêm một [tin nhắn] có {{{{{drawn[name]}}}}} ở màn hình này hoặc trước đó: "
                        "người học cần đọc mã ở đâu đó."
                    )
                    self.diagnostics.error("drawn-without-message", message, widget.line, widget.column)

    # --- walks with the real engine

    def _check_walks(self) -> None:
        practice, model = self.practice, compile_model(self.practice)
        data = generate_random_data(practice, _SEED)
        steps = expected_path(practice, data)
        events = to_events(steps)
        replayed = engine.replay(model, data, events, Mode.ALONE)
        report = engine.score_report(model, replayed.state, Mode.ALONE)
        if not (report["passed"] and report["score"] == 100 and replayed.accepted == len(events)):
            goal = self.front_matter.matter.value("goal")
            line, column = (goal.line, goal.column) if goal else (0, 0)
            message = "Đi đúng đường => từ đầu đến cuối mà chưa được 100 điểm; bác xem lại các giá trị và mũi tên."
            self.diagnostics.error("path-fails", message, line, column)
            return
        next_widgets = shortest_paths_to(model, practice.goal)
        state, done = engine.initial_state(model), 0
        for screen in path_screens(practice)[:-1]:
            for mistake in possible_mistakes(screen, data):
                self._check_recovery(model, next_widgets, data, state, mistake)
            count = sum(step.screen == screen.id for step in steps)
            engine.replay_in_place(model, data, events[done : done + count], Mode.ALONE, state)
            done += count

    def _check_recovery(
        self,
        model: CompiledModel,
        next_widgets: Mapping[str, int],
        data: Mapping[str, str],
        state: engine.State,
        mistake: list[PathStep],
    ) -> None:
        """Check that the goal can be reached from ``state`` after a mistake."""
        wrong = [step.to_event(state.q + number, state.t) for number, step in enumerate(mistake, 1)]
        after = state.lazy_copy()
        engine.replay_in_place(model, data, wrong, Mode.ALONE, after)
        if after.ended or after.screen in self.recovered:
            return  # an end; or a screen checked before: a way back fills in all fields of each screen again
        way_back = shortest_path(self.practice, next_widgets, after.screen, data)
        events = [step.to_event(after.q + number, after.t) for number, step in enumerate(way_back, 1)]
        screens = {after.screen, *(step.screen for step in way_back)}
        engine.replay_in_place(model, data, events, Mode.ALONE, after)
        if after.ended and after.screen == self.practice.goal:
            self.recovered |= screens
        else:
            widget = self.screens[mistake[0].screen].widgets[max(mistake[-1].widget, 0)]
            message = "Lỡ chạm nhầm ở đây thì không còn đi tới đích được; bác thêm đường quay lại."
            self.diagnostics.error("no-recovery", message, widget.line, widget.column)

    # --- positions

    def _at_heading(self, rule: str, message: str, screen: DraftScreen, suggestion: str | None = None) -> None:
        self.diagnostics.error(rule, message, screen.line, screen.column, suggestion)

    def _has_error_at(self, screen: DraftScreen) -> bool:
        line, column = self.diagnostics.source.position(screen.line, screen.column)
        return any(
            problem.level == "error" and (problem.line, problem.column) == (line, column)
            for problem in self.diagnostics.problems
        )


def _arrow_targets(screen: DraftScreen) -> list[str]:
    return [widget.leads_to for widget in screen.widgets if widget.parts.arrow and widget.leads_to]


def _has_unknown_exit(screen: DraftScreen) -> bool:
    """Whether the target of an arrow of this screen is unknown."""
    kind_unknown = screen.attributes.broken and "kind" not in screen.attributes.values
    return (
        screen.has_lost_arrow
        or kind_unknown
        or any(
            not widget.leads_to
            if not widget.parts.broken and widget.parts.arrow
            else widget.parts.broken and widget.role not in ROLES_WITHOUT_ARROW
            for widget in screen.widgets
        )
    )


def _is_uncertain(screen: DraftScreen) -> bool:
    """Whether an error in a line of this screen may hide its forward arrow."""
    forward = {widget.leads_to for widget in screen.widgets if widget.parts.arrow and widget.parts.arrow.text == "=>"}
    has_invalid_widget = any(widget.role is None or widget.parts.broken for widget in screen.widgets)
    return _has_unknown_exit(screen) or len(forward) > 1 or has_invalid_widget


def _has_invalid_message(screen: DraftScreen) -> bool:
    """Whether this screen has an invalid item that may be a message, or an invalid message."""
    return screen.has_lost_item or any(
        widget.role is None
        or "body" in widget.empty_sub_lines
        or (
            "body" in widget.sub_lines and not are_placeholders_closed(ascii_punctuation(widget.sub_lines["body"].text))
        )
        for widget in screen.widgets
    )


def _value_names(widget: DraftWidget) -> dict[str, None]:
    """The normalised names of the data in a widget's values, each once, in order."""
    names = [name for value in widget.values for name in placeholder_names(ascii_punctuation(value))]
    return dict.fromkeys(map(normalize_word, names))


def _shown_names(screen: DraftScreen) -> set[str]:
    """The normalised names of the data that messages on this screen show."""
    texts = [
        text.text
        for widget in screen.widgets
        if widget.role == "sms"
        for text in (widget.parts.label, widget.sub_lines.get("body"))
        if text
    ]
    names = {normalize_word(name) for text in texts for name in placeholder_names(ascii_punctuation(text))}
    # {otp} is reported as a misspelt placeholder.
    return names | {
        normalize_word(match[1]) for text in texts for match in SINGLE_BRACES.finditer(ascii_punctuation(text))
    }
