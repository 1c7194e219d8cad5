"""The templates of the pages: compiled once for each language, with its sentences as constants.

A page has a hundred sentences; to look each up whenever the page is rendered took up to a quarter of the time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, TemplateAssertionError, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from lms.message_catalog import SOURCE_LANGUAGE, translate_in_context_into, translate_into, translate_number_into
from lms.web.language import page_language, translate, translate_in_context, translate_number

log = logging.getLogger(__name__)

_PLACE = re.compile(r"%(?:\((\w+)\)s|(%))")  # for a value in a sentence; two signs stand for a percent sign


class PageEnvironment(Environment):
    """Jinja's environment. A template that it loads is that of the page's language, and so are those that it uses.

    What is compiled in another way, as from a string, looks its sentences up when it is rendered.

    A sentence with a place for a value that its template does not give cannot be compiled: TemplateAssertionError.
    Where people read the pages, ``fills_gaps``, the place stays empty instead, and the log tells of it.
    """

    fills_gaps = True

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.add_extension("jinja2.ext.i18n")
        self.install_gettext_callables(  # type: ignore[attr-defined]
            translate, translate_number, newstyle=True, pgettext=translate_in_context
        )
        self.language = ""  # of the sentences in compiled templates; "": they are looked up
        self.by_language: dict[str, PageEnvironment] = {}

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        if self.language:
            return super().get_template(name, parent, globals)
        return self._in_language(page_language()).get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals as one dictionary, not as Jinja's chain of two, which each include and import copies slowly."""
        return super().make_globals(d) if d else self.globals

    def _in_language(self, language: str) -> PageEnvironment:
        environment = self.by_language.get(language)
        if environment is None:
            environment = self.overlay()
            environment.language = language
            self.by_language[language] = environment
        return environment

    def _generate(self, source: nodes.Template, *arguments: Any, **options: Any) -> str:
        """Jinja's hook between the parser and the code generator."""
        if self.language:
            name = str(arguments[0]) if arguments and arguments[0] else ""
            SentenceTranslator(self.language, name, fills_gaps=self.fills_gaps).visit(source)
        return super()._generate(source, *arguments, **options)


def forget_templates(app: Flask) -> None:
    """Let the application load its templates anew."""
    if isinstance(app.jinja_env, PageEnvironment):
        app.jinja_env.by_language.clear()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in a template, translated, and the expressions of its values by name."""

    text: str
    values: dict[str, nodes.Expr]


class SentenceTranslator(NodeTransformer):
    """Puts sentences in one language in the place of a template's calls that look them up.

    A call stays where its sentence is not written in it, and where the language has a form for each number.
    """

    def __init__(self, language: str, template: str, *, fills_gaps: bool) -> None:
        self._language, self._template, self._fills_gaps = language, template, fills_gaps

    def visit_Template(self, template: nodes.Template) -> nodes.Node:
        is_assigned = any(name.name == "_" and name.ctx != "load" for name in template.find_all(nodes.Name))
        return template if is_assigned else self.generic_visit(template)

    def visit_Output(self, output: nodes.Output) -> nodes.Node:
        """A sentence that is printed as it is becomes text, with its values in between."""
        parts: list[nodes.Expr] = []
        for part in output.nodes:
            parts += (self._printed(part) if isinstance(part, nodes.Call) else None) or [part]
        output.nodes = parts
        return self.generic_visit(output)

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        """A sentence inside an expression becomes a constant, and is formatted if it has values."""
        self.generic_visit(call)
        sentence = self._sentence(call)
        if sentence is None:
            return call
        if not sentence.values:
            return _constant(sentence.text.replace("%%", "%"), call)
        pairs = [nodes.Pair(nodes.Const(name), value) for name, value in sentence.values.items()]
        place = {"lineno": call.lineno, "environment": call.environment}
        return nodes.Mod(_constant(sentence.text, call), nodes.Dict(pairs), **place)

    def _printed(self, call: nodes.Call) -> list[nodes.Expr] | None:
        """The parts of a sentence that are printed one after another; None if only formatting gives them."""
        sentence = self._sentence(call)
        if sentence is None:
            return None
        places = list(_PLACE.finditer(sentence.text))
        names = [place[1] for place in places if place[1]]
        is_plain = "%" not in _PLACE.sub("", sentence.text) and len(set(names)) == len(names)
        if not is_plain or not sentence.values.keys() >= set(names):
            return None
        parts: list[nodes.Expr] = []
        end = 0
        for place in places:
            parts.append(_constant(sentence.text[end : place.start()], call))
            parts.append(sentence.values[place[1]] if place[1] else _constant("%", call))
            end = place.end()
        return [*parts, _constant(sentence.text[end:], call)]

    def _sentence(self, call: nodes.Call) -> _Sentence | None:
        """What a call says; None if it is none for a sentence, or one whose sentence is not known yet."""
        if not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs:
            return None
        values = {keyword.key: keyword.value for keyword in call.kwargs}
        match call.node.name, call.args:
            case "_" | "gettext", [nodes.Const(value=str(message))]:
                text = translate_into(self._language, message)
            case "pgettext", [nodes.Const(value=str(context)), nodes.Const(value=str(message))]:
                text = translate_in_context_into(self._language, context, message)
            case "ngettext", [nodes.Const(value=str(message)), nodes.Const(value=str(plural)), number]:
                values["num"] = number
                if self._language != SOURCE_LANGUAGE:
                    forms = {translate_number_into(self._language, message, plural, count) for count in (1, 2)}
                    gaps = self._gaps(" / ".join(sorted(forms)), values, call)
                    call.kwargs += [nodes.Keyword(name, value) for name, value in gaps.items()]
                    return None
                text = message  # it has one form
            case _:
                return None
        return _Sentence(text, values | self._gaps(text, values, call))

    def _gaps(self, text: str, values: Mapping[str, nodes.Expr], call: nodes.Call) -> dict[str, nodes.Expr]:
        """Nothing, for each place of a sentence that its template gives no value for.

        Raises:
            TemplateAssertionError: there is one, and places are not to stay empty.
        """
        gaps = {place[1] for place in _PLACE.finditer(text) if place[1]} - values.keys()
        if not gaps:
            return {}
        what = f"no value for {', '.join(sorted(gaps))} in “{text}” ({self._language})"
        if not self._fills_gaps:
            raise TemplateAssertionError(what, call.lineno, self._template)
        log.error("%s, line %s: %s", self._template, call.lineno, what)
        return {name: _constant("", call) for name in gaps}


def _constant(text: str, call: nodes.Call) -> nodes.Const:
    """A text at the place of a call."""
    html = Markup(text)  # noqa: S704  (of this program, not of a course)
    return nodes.Const(html, lineno=call.lineno, environment=call.environment)
