"""/soan/quy-tac: what each rule of the checker wants, with a bad and a good example. Public, as the guide is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from lms.content.fuzzy_matching import normalize_word
from lms.content.rule_guide import RuleText, nearest_rule, rule_texts, rules_by_group
from lms.content.rule_guide.examples import example_problem
from lms.message_catalog import mark_for_translation
from lms.web import page_cache
from lms.web.language import mark_vietnamese, translate
from lms.web.page_cache import no_store_page
from lms.web.workshop.blueprint import bp
from lms.web.workshop.wording import LEVEL_NAMES

MAX_QUERY = 60  # code points
# The groups of the rule guide, which is written in Vietnamese.
_GROUPS = (
    mark_for_translation("Gõ phím và tệp"),
    mark_for_translation("Phần đầu tệp"),
    mark_for_translation("Chữ, hình, liên kết"),
    mark_for_translation("Khối và câu hỏi"),
    mark_for_translation("Bài tập: màn hình"),
    mark_for_translation("Bài tập: từng dòng"),
    mark_for_translation("Bài tập: dữ liệu và an toàn"),
    mark_for_translation("Cách soạn: gợi ý, không phải lỗi"),
)
_PLACES = {
    "row": mark_for_translation("lam.md, dưới câu Việc của một màn hình"),
    "tree": mark_for_translation("tên tệp trong thư mục các khóa học"),
}


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """A line of an example. The checker's sentence is about the marked one."""

    text: str
    is_marked: bool = False


@bp.get("/quy-tac")
def show_rules() -> AnyResponse:
    typed = " ".join(request.args.get("tim", "").split())[:MAX_QUERY]
    if not typed:
        page = page_cache.shared_page(("rules",), _render_index)
        return page_cache.respond(page, lambda _learner_id: {})
    if typed in rule_texts():
        return redirect(rule_url(typed), 303)
    return no_store_page(_render_index(typed))


@bp.get("/quy-tac/<rule>")
def show_rule(rule: str) -> Response:
    if rule not in rule_texts():
        near = nearest_rule(rule)
        sentence = translate("Bộ kiểm tra không có quy tắc “{rule}”. Gần nhất là “{near}”.")
        page = render_template(
            "error.html",
            title=translate("Không có quy tắc này"),
            sentence=sentence.format(rule=rule[:MAX_QUERY], near=near),
            way_back=(rule_url(near), translate("Mở quy tắc {rule}").format(rule=near)),
        )
        return no_store_page(page, status=404)
    page = page_cache.shared_page(("rule", rule), lambda: _render_rule(rule_texts()[rule]))
    return page_cache.respond(page, lambda _learner_id: {})


def rule_url(rule: str) -> str:
    return f"/soan/quy-tac/{rule}"


def _render_index(typed: str = "") -> str:
    groups = rules_by_group()
    if typed:
        groups = {group: [text for text in texts if _matches(text, typed)] for group, texts in groups.items()}
    return render_template(
        "workshop/rules.html",
        groups={group: texts for group, texts in groups.items() if texts},
        group_title=_group_title,
        typed=typed,
        near=rule_texts()[nearest_rule(typed)] if typed else None,
    )


def _group_title(group: str) -> str | Markup:
    """A group's title in the page's language; a new one, which has none yet, is marked as Vietnamese."""
    return translate(group) if group in _GROUPS else mark_vietnamese(escape(group))


def _matches(text: RuleText, typed: str) -> bool:
    return normalize_word(typed) in normalize_word(f"{text.rule} {text.title} {text.explanation}")


def _render_rule(text: RuleText) -> str:
    found = example_problem(text.rule)
    marked = found.line if found else 0
    return render_template(
        "workshop/rule.html",
        text=text,
        example_place=_place(text),
        level=translate(LEVEL_NAMES[found.level]) if found else "",
        said=found.sentence if found else "",
        bad=[ExampleLine(line, number == marked) for number, line in enumerate(_lines(text.bad), 1)],
        good=[ExampleLine(line) for line in _lines(text.good)],
    )


def _lines(example: str) -> list[str]:
    return example.split("\n") if example else []


def _place(text: RuleText) -> str:
    if text.context.startswith("front"):
        return translate("{file}, giữa hai dòng --- ở đầu tệp").format(file=text.file_name)
    return translate(_PLACES[text.context]) if text.context in _PLACES else text.file_name
