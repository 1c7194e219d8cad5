"""Every sentence of a template gets a value for each of its places, in every language."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template, render_template_string
from jinja2 import DictLoader, nodes

from lms.message_catalog import LANGUAGE_NAMES, translate_in_context_into, translate_into, translate_number_into
from lms.web.language import rendering_in_language

PLACE = re.compile(r"%(?:\((\w+)\)s|%)")  # for a value in a sentence; two signs stand for a percent sign
PAGE = {
    "page.html": '{% extends "frame.html" %}{% from "macros.html" import hello %}'
    '{% block main %}{{ hello() }}{% include "part.html" %}{% endblock %}',
    "frame.html": '{{ _("Tiếp") }} {% block main %}{% endblock %}',
    "macros.html": '{% macro hello() %}{{ _("Lùi") }} {% endmacro %}',
    "part.html": '{{ _("Bài đã dịch: %(lesson)s", lesson=name) }}',
}
WORDS = {"vi": "Tiếp Lùi Bài đã dịch: Một", "en": "Next Back Lesson in English: Một"}

pytestmark = pytest.mark.parametrize("store", ["sqlite"], scope="session")


@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_a_page_and_the_templates_that_it_uses_are_in_one_language(
    app: Flask, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(PAGE))
    with app.test_request_context("/"):
        for other in LANGUAGE_NAMES:  # so that what is kept of others could show
            with rendering_in_language(other):
                render_template("page.html", name="Hai")
        with rendering_in_language(spoken):
            assert render_template("page.html", name="Một") == WORDS[spoken]


def test_a_value_is_escaped_and_a_sentence_is_not(app: Flask) -> None:
    sentence = '{{ _("<i>%(part)s</i> là 50%%", part=name) }}'
    with app.test_request_context("/"):
        assert render_template_string(sentence, name="<b>") == "<i>&lt;b&gt;</i> là 50%"


@pytest.mark.slow
@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_no_template_lacks_a_value_for_a_sentence(app: Flask, spoken: str) -> None:
    loader = app.jinja_env.loader
    names = app.jinja_env.list_templates(extensions=["html"])
    assert loader and len(names) > 100
    calls = 0
    for name in names:
        template = app.jinja_env.parse(loader.get_source(app.jinja_env, name)[0])
        for call in template.find_all(nodes.Call):
            values = {keyword.key for keyword in call.kwargs}
            values |= {"num"} if getattr(call.node, "name", "") == "ngettext" else set()
            for text in sentences(call, spoken):
                calls += 1
                assert "%" not in PLACE.sub("", text), f"{name}:{call.lineno} {text}"
                assert {place for place in PLACE.findall(text) if place} <= values, f"{name}:{call.lineno} {text}"
    assert calls > 1000


def sentences(call: nodes.Call, spoken: str) -> list[str]:
    """The sentences in a language that a call of a template may show, of those that are written in it."""
    words = [word.value for word in call.args if isinstance(word, nodes.Const)]
    match getattr(call.node, "name", ""), words:
        case "_" | "gettext", [str(message)]:
            return [translate_into(spoken, message)]
        case "pgettext", [str(context), str(message)]:
            return [translate_in_context_into(spoken, context, message)]
        case "ngettext", [str(message), str(plural), *_]:
            return [translate_number_into(spoken, message, plural, number) for number in (1, 2)]
    return []
