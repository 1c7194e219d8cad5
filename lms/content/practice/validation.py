"""The proofs of a practice: that its goal can be reached, always, and that the expected path earns everything."""

from __future__ import annotations

from lms.content.fuzzy_words import fold
from lms.content.model import Practice
from lms.content.practice import engine, fields
from lms.content.practice.compiling import compile_model, draw, drawn_length, path_of
from lms.content.practice.front_matter import Front
from lms.content.practice.graph import branching_points, reachable, reversed_edges, ways_to
from lms.content.practice.link_targets import ARROWLESS
from lms.content.practice.paths import events_of, expected_path, mistakes, way_to_goal
from lms.content.practice.placeholders import SINGLE_BRACES, all_closed, fill, names_in
from lms.content.practice.syntax_tree import Draft, DraftScreen, DraftWidget
from lms.content.practice.values import is_reserved
from lms.content.problems import has_errors
from lms.content.source import Report, plain

_PROOF_SEED = "proof"


def check_practice(report: Report, front: Front, draft: Draft, practice: Practice) -> None:
    """Prove what FORMAT.md section 5 lists for practices, and report each thing that cannot be proved."""
    _Proofs(report, front, draft, practice).run()


class _Proofs:
    def __init__(self, report: Report, front: Front, draft: Draft, practice: Practice) -> None:
        self.report = report
        self.front = front
        self.practice = practice
        self.screens = {screen.id: screen for screen in draft.screens}
        self.path = path_of(practice)
        self.recovered: set[str] = set()  # screens that a mistake led to, and from which the goal was reached
        # An arrow that could not be understood may lead anywhere: nothing is said that its mending would unsay.
        everywhere = list(self.screens)
        self.edges = {
            screen.id: everywhere if _leaks(screen) else [target for target in map(_leads_to, screen.widgets) if target]
            for screen in draft.screens
            if screen.kind != "end"
        }
        self.twins: set[str] = set()
        for screen in draft.screens:  # whoever leads to one of two namesakes may mean the other
            if screen.twin is not None:
                self.twins |= {screen.id, screen.twin}
                for one, other in ((screen.id, screen.twin), (screen.twin, screen.id)):
                    self.edges[one] = [*self.edges.get(one, ()), other]

    def run(self) -> None:
        if not self.screens:
            message = "Thêm ít nhất một màn hình: một dòng ## rồi tên màn hình."
            self.report.error("no-screens", message, min(self.front.matter.body, len(self.report.source.lines) - 1))
            return
        self._values()
        self._lost_screens()
        self._traps()
        self._start_and_goal()
        if self.practice.start in self.screens and self.screens[self.practice.start].kind != "end":
            self._reachable()
            self._path()
            self._messages()
        if not has_errors(self.report.problems):
            self._walk()

    # --- fields

    def _values(self) -> None:
        """Every alternative of a field must be one that the field itself takes."""
        data = draw(self.practice, _PROOF_SEED)
        for screen in self.screens.values():
            for widget in screen.widgets:
                for value in widget.values:
                    self._value(widget, fill(value, data), value)

    def _value(self, widget: DraftWidget, filled: str, typed: str) -> None:
        place = widget.parts.value
        if place is None or "{{" in plain(filled) or widget.role is None or widget.parts.broken:
            return
        at = place.column + max(place.text.find(typed), 0)
        if not fields.holds(widget.role, None, (filled,), filled):
            if is_reserved(typed):
                return
            needed = "ô số cần có chữ số" if widget.role == "number" else "đó là chữ dành riêng cho máy"
            message = f"“{filled}” không bao giờ được ô này nhận: {needed}."
            self.report.error("value-never-holds", message, place.line, at)
            return
        length = widget.parts.attributes.get("length")
        digits = len(fields.compared("number", filled))
        if widget.role == "number" and length and length.value.text.isdecimal() and 0 < int(length.value.text) < digits:
            message = f"Giá trị có {digits} chữ số, gõ không vừa ô dài {length.value.text}; bác sửa cho khớp."
            self.report.error("length-too-short", message, length.value.line, length.value.column, str(digits))

    # --- screens

    def _lost_screens(self) -> None:
        back = reversed_edges(self.edges)
        for screen in self.screens.values():
            if screen.kind != "wrong":
                continue
            before = back.get(screen.id, set()) - {screen.id}
            ahead = reachable(self.edges, [screen.id]) - {screen.id}
            if not ahead or (before and not before & ahead):
                message = (
                    "Thêm một đường quay lại từ màn hình lạc này, như - [quay lại] Quay lại -> tên màn hình trước."
                )
                self._at_heading("lost-without-way-back", message, screen)

    def _traps(self) -> None:
        """Behind a trap there is a way back to the decision; another end has none: one slip would lose the goal."""
        for screen in self.screens.values():
            for widget in screen.widgets:
                arrow, target = widget.parts.arrow, self.screens.get(widget.leads_to or "")
                if arrow is None or arrow.text != "x>" or target is None:
                    continue
                if target.kind == "end" and target.id != self.practice.goal:
                    message = (
                        "Bẫy x> không dẫn tới màn hình kết; bác cho nó dẫn tới một màn hình lạc có đường quay lại."
                    )
                    self.report.error("trap-ends", message, widget.line, widget.column)

    def _start_and_goal(self) -> None:
        start, goal = self.screens.get(self.practice.start), self.screens.get(self.practice.goal)
        typed = self.front.matter.value("start")
        if (
            start is not None
            and start.kind == "end"
            and typed is not None
            and " ".join(typed.text.split()) in (start.title.text, f"#{start.id}")  # and not guessed, which is reported
        ):
            message = "Màn hình bắt đầu không thể là màn hình kết; bác chọn màn hình khác."
            self.report.error("start-is-end", message, typed.line, typed.column)
        if goal is not None and goal.kind != "end" and not goal.attributes.broken:
            message = "Thêm {loại=kết} vào tên màn hình này: nó là đích của bài tập."
            self._at_heading("goal-not-end", message, goal, "{loại=kết}")

    def _reachable(self) -> None:
        seen = reachable(self.edges, [self.practice.start])
        hopeful = reachable(reversed_edges(self.edges), [self.practice.goal])
        for screen in self.screens.values():
            if screen.id not in seen:
                message = (
                    f"Không có mũi tên nào dẫn tới “{screen.title.text}”; bác thêm đường tới, hoặc xóa màn hình này."
                )
                self._at_heading("unreachable", message, screen)
            elif (
                screen.kind == "end"
                or screen.id in self.twins
                or screen.id in hopeful
                or self.practice.goal not in self.screens
            ):
                continue
            elif not (screen.kind == "wrong" and not self.edges[screen.id]):
                message = f"Từ “{screen.title.text}” không đi được tới đích; bác thêm mũi tên dẫn về đường đúng."
                self._at_heading("dead-end", message, screen)

    def _path(self) -> None:
        """The expected path must lead from the start to the goal."""
        last = self.screens[self.path[-1]]
        if last.id == self.practice.goal or self.practice.goal not in self.screens:
            return
        if (
            self.twins.intersection(self.path)
            or any(_is_unsure(self.screens[screen_id]) for screen_id in self.path)
            or self._has_error_at(last)
        ):
            return
        if last.kind == "end":
            message = "Đường đúng => dẫn tới màn hình kết này, mà nó không phải đích; bác sửa mũi tên hoặc sửa “đích”."
        elif any(widget.parts.arrow and widget.parts.arrow.text == "=>" for widget in last.widgets):
            message = "Đường đúng => từ đây quay vòng về màn hình đã qua; bác sửa để nó đi tới đích."
        else:
            message = "Thêm một mũi tên => ở màn hình này: đường đúng dừng lại ở đây, chưa tới đích."
        self._at_heading("path-broken", message, last)

    def _messages(self) -> None:
        """A field whose value is drawn needs a message that brings it, on its screen or earlier on the path."""
        drawn = {fold(name): name for name, value in self.front.data if drawn_length(value) is not None}
        if not drawn:
            return
        points = branching_points(self.edges, self.path)
        for screen in self.screens.values():
            before = self.path[: points.get(screen.id, len(self.path)) + 1]
            seen = [self.screens[screen_id] for screen_id in (*before, screen.id)]
            if any(map(_may_bring_anything, seen)):
                continue
            brought = {name for one in seen for name in _brought(one)}
            for widget in screen.widgets:
                wanted = [fold(name) for value in widget.values for name in names_in(plain(value))]
                for name in dict.fromkeys(wanted):
                    if name in drawn and name not in brought:
                        message = (
                            f"Thêm một [tin nhắn] có {{{{{drawn[name]}}}}} ở màn hình này hoặc trước đó: "
                            "người học cần đọc mã ở đâu đó."
                        )
                        self.report.error("drawn-without-message", message, widget.line, widget.column)

    # --- walks with the real engine

    def _walk(self) -> None:
        practice, model = self.practice, compile_model(self.practice)
        data = draw(practice, _PROOF_SEED)
        steps = expected_path(practice, data)
        events = events_of(steps)
        whole = engine.replay(model, data, events, "tu-lam")
        worth = engine.report(model, whole.state, "tu-lam")
        if not (worth["passed"] and worth["score"] == 100 and whole.kept == len(events)):
            typed = self.front.matter.value("goal")
            message = "Đi đúng đường => từ đầu đến cuối mà chưa được 100 điểm; bác xem lại các giá trị và mũi tên."
            self.report.error("path-fails", message, typed.line, typed.column)
            return
        ways = ways_to(model, practice.goal)
        state, walked = engine.begin(model), 0
        for screen_id in self.path[:-1]:
            for mistake in mistakes(practice.screen(screen_id), data):
                self._recover(model, ways, data, state, mistake)
            count = sum(step.screen == screen_id for step in steps)
            state = engine.replay(model, data, events[walked : walked + count], "tu-lam", state).state
            walked += count

    def _recover(self, model: dict, ways: dict, data: dict, state: engine.State, mistake: list) -> None:
        wrong = [step.as_event(state.q + number, state.t) for number, step in enumerate(mistake, 1)]
        after = engine.replay(model, data, wrong, "tu-lam", state).state
        if after.ended or after.screen in self.recovered:
            return  # another end; or the same way back, which fills in every field anew
        back = way_to_goal(self.practice, ways, after.screen, data)
        events = [step.as_event(after.q + number, after.t) for number, step in enumerate(back, 1)]
        final = engine.replay(model, data, events, "tu-lam", after).state
        if final.ended and final.screen == self.practice.goal:
            self.recovered.add(after.screen)
        else:
            widget = self.screens[mistake[0].screen].widgets[max(mistake[-1].widget, 0)]
            message = "Lỡ chạm nhầm ở đây thì không còn đi tới đích được; bác thêm đường quay lại."
            self.report.error("no-recovery", message, widget.line, widget.column)

    # --- places

    def _at_heading(self, rule: str, message: str, screen: DraftScreen, suggestion: str | None = None) -> None:
        self.report.error(rule, message, screen.line, screen.column, suggestion)

    def _has_error_at(self, screen: DraftScreen) -> bool:
        line, column = self.report.source.place(screen.line, screen.column)
        return any(
            problem.level == "error" and (problem.line, problem.column) == (line, column)
            for problem in self.report.problems
        )


def _leads_to(widget: DraftWidget) -> str | None:
    return widget.leads_to if widget.parts.arrow else None


def _leaks(screen: DraftScreen) -> bool:
    """Whether an arrow of this screen was lost, so that where it leads is not known."""
    kind_unknown = screen.attributes.broken and "kind" not in screen.attributes.values
    return (
        screen.leaks
        or kind_unknown
        or any(
            not widget.leads_to if widget.parts.arrow else widget.parts.broken and widget.role not in ARROWLESS
            for widget in screen.widgets
        )
    )


def _is_unsure(screen: DraftScreen) -> bool:
    """Whether an error in a line of this screen may have hidden the way on."""
    ways = {widget.leads_to for widget in screen.widgets if widget.parts.arrow and widget.parts.arrow.text == "=>"}
    return (
        _leaks(screen) or len(ways) > 1 or any(widget.role is None or widget.parts.broken for widget in screen.widgets)
    )


def _may_bring_anything(screen: DraftScreen) -> bool:
    """Whether a message of this screen was not understood."""
    return screen.lost_item or any(
        widget.role is None
        or "body" in widget.empty_subs
        or ("body" in widget.subs and not all_closed(plain(widget.subs["body"].text)))
        for widget in screen.widgets
    )


def _brought(screen: DraftScreen) -> set[str]:
    """The names whose values a message on this screen shows."""
    texts = [
        text.text
        for widget in screen.widgets
        if widget.role == "sms"
        for text in (widget.parts.label, widget.subs.get("body"))
        if text
    ]
    names = {fold(name) for text in texts for name in names_in(plain(text))}
    # {otp} is an error of its own
    return names | {fold(match[1]) for text in texts for match in SINGLE_BRACES.finditer(plain(text))}
