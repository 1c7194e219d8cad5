"""Templates are compiled once for each language: what a page says is what it said when each sentence was looked up."""

from __future__ import annotations

import pytest
from flask import Flask, render_template, render_template_string
from jinja2 import DictLoader, TemplateAssertionError
from markupsafe import Markup

from lms.message_catalog import LANGUAGE_NAMES
from lms.web.app import SyncOnlyFlask
from lms.web.language import rendering_in_language
from lms.web.page_templates import PageEnvironment

SENTENCES = (
    '{{ _("Tiếp") }}',
    '<a title="{{ _("Tiếp") }}">{{ _("Lùi") }}</a>',
    '{{ _("Tiếp") if yes else _("Lùi") }}',
    '{{ _("Tiếp") | length }}, {{ _("Tiếp") ~ " & " ~ name }}, {{ [_("Tiếp"), name] | join("; ") }}',
    '{% set label = _("Tiếp") %}{{ label }}',
    '{% macro button(label) %}<b>{{ label }}</b>{% endmacro %}{{ button(_("Tiếp")) }}',
    '{{ _("Bài đã dịch: %(lesson)s", lesson=name) }}',
    '{{ _("Bài đã dịch: %(lesson)s", lesson=markup) }}',
    '{{ _("Bài đã dịch: %(lesson)s", lesson=none) }}',
    '{{ _("Bài đã dịch: %(lesson)s", lesson=lacking) }}',
    '{{ _("Bài đã dịch: %(lesson)s", lesson=_("Tiếp")) }}',
    '{{ _("Bài đã dịch: %(lesson)s", lesson=name) | upper }}',
    '{% set line = _("Bài đã dịch: %(lesson)s", lesson=name) %}{{ line }}',
    "{% trans lesson=name %}Bài đã dịch: {{ lesson }}{% endtrans %}",
    "{% trans %}Tiếp{% endtrans %}",
    '{{ _("100%%") }} {{ _("%(part)s là 50%%", part=number) }}',
    '{{ _("%(a)s, %(a)s và %(b)s", a=name, b=number) }}',
    '{{ ngettext("%(num)s máy", "%(num)s máy", number) }} {{ ngettext("Một máy", "Nhiều máy", number) }}',
    '{{ ngettext("Xong %(done)s/%(num)s", "Xong %(done)s/%(num)s", number, done=name) }}',
    '{{ pgettext("of a file", "Kiểm tra") }} {{ pgettext("of a file", "Kiểm tra") | upper }}',
    "{{ _(name) }}{% for each in words %}{{ _(each) }}{% endfor %}",
    "{% for _ in words %}{{ _ }}{% endfor %}",
    '{{ _("<i>Chưa ai dịch</i> & không ai dịch") }}',
)
VALUES = {
    "name": 'Lan & "Hoa" <b>', "markup": Markup("<b>Lan</b>"), "number": 3, "words": ["Tiếp", "Lùi"], "yes": True,
}  # fmt: skip


PAGE = {
    "page.html": '{% extends "frame.html" %}{% from "macros.html" import hello %}'
    '{% block main %}{{ hello() }}{% include "part.html" %}{% endblock %}',
    "frame.html": '{{ _("Tiếp") }} {% block main %}{% endblock %}',
    "macros.html": '{% macro hello() %}{{ _("Lùi") }} {% endmacro %}',
    "part.html": '{{ _("Bài đã dịch: %(lesson)s", lesson=name) }}',
}
WORDS = {"vi": "Tiếp Lùi Bài đã dịch: Một", "en": "Next Back Lesson in English: Một"}


@pytest.fixture
def site() -> Flask:
    """An application with the templates of this module."""
    app = SyncOnlyFlask("lms.web")
    sentences = {f"{number}.html": sentence for number, sentence in enumerate(SENTENCES)}
    app.jinja_env.loader = DictLoader(PAGE | sentences)
    return app


@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_a_compiled_sentence_is_the_one_that_was_looked_up(site: Flask, spoken: str) -> None:
    with site.test_request_context("/"), rendering_in_language(spoken):
        compiled = [render_template(f"{number}.html", **VALUES) for number in range(len(SENTENCES))]
        assert compiled == [render_template_string(sentence, **VALUES) for sentence in SENTENCES]


@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_a_page_and_the_templates_that_it_uses_are_in_one_language(site: Flask, spoken: str) -> None:
    with site.test_request_context("/"):
        for other in LANGUAGE_NAMES:  # so that what is kept of others could show
            with rendering_in_language(other):
                render_template("page.html", name="Hai")
        with rendering_in_language(spoken):
            assert render_template("page.html", name="Một") == WORDS[spoken]


@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_no_sentence_is_looked_up_while_a_page_is_rendered(
    site: Flask, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.web.language.translate_into", lambda _, message: pytest.fail(f"looked up: {message}"))
    with site.test_request_context("/"), rendering_in_language(spoken):
        assert render_template("page.html", name="Một") == WORDS[spoken]


GAPS = {
    "printed": '{{ _("Bài đã dịch: %(lesson)s") }}',
    "with another value": '{{ _("Bài đã dịch: %(lesson)s", name=1) }}',
    "in an expression": '{{ _("Bài đã dịch: %(lesson)s") | upper }}',
    "by a number": '{{ ngettext("%(count)s của %(num)s máy", "%(count)s của %(num)s máy", 2) }}',
}


@pytest.mark.parametrize("kind", GAPS)
@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_a_sentence_that_lacks_a_value_is_an_error_of_its_template(site: Flask, spoken: str, kind: str) -> None:
    site.jinja_env.loader = DictLoader({"gap.html": GAPS[kind]})
    refusal = pytest.raises(TemplateAssertionError, match=r"no value for (lesson|count)")
    with site.test_request_context("/"), rendering_in_language(spoken), refusal as refused:
        render_template("gap.html")
    assert (refused.value.name, refused.value.lineno) == ("gap.html", 1)


@pytest.mark.parametrize("kind", GAPS)
@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_people_read_such_a_sentence_without_the_value_and_the_log_tells_of_it(
    site: Flask, spoken: str, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(PageEnvironment, "fills_gaps", True)
    site.jinja_env.loader = DictLoader({"filled.html": GAPS[kind]})
    with site.test_request_context("/"), rendering_in_language(spoken):
        shown = render_template("filled.html")
    assert shown.strip() and "%" not in shown and "(" not in shown
    assert "filled.html, line 1: no value for" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite"], scope="session")
@pytest.mark.parametrize("spoken", LANGUAGE_NAMES)
def test_no_template_lacks_a_value_for_a_sentence(app: Flask, spoken: str) -> None:
    with app.test_request_context("/"), rendering_in_language(spoken):
        names = app.jinja_env.list_templates(extensions=["html"])
        assert len(names) > 100
        for name in names:
            app.jinja_env.get_template(name)
