"""The language server: the checker's problems, remedies, completions, rule pages and outline, for any editor.

Nothing here knows the language: it only translates between the protocol and ``lms.content``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec, TextDocument

from lms import vietnam_time
from lms.cli.rule_page import rule_page
from lms.content.autofix import Check, Edit, fix_text, safe_edits
from lms.content.autofix.files import text_check
from lms.content.editor_support.completion import CompletionKind, completions
from lms.content.editor_support.outline import outline, screen_titles
from lms.content.files import MAX_BYTES, parse_file_name, read_text
from lms.content.problems import Level, Problem
from lms.content.rule_guide import rule_texts
from lms.content.translated_text import check_translated_text
from lms.release import VERSION

PAUSE_SECONDS = 0.15  # after a key, before the file is checked
_SEVERITIES: dict[Level, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "advice": types.DiagnosticSeverity.Hint,
}
_KINDS: dict[CompletionKind, types.CompletionItemKind] = {
    "keyword": types.CompletionItemKind.Keyword,
    "reference": types.CompletionItemKind.Reference,
    "value": types.CompletionItemKind.Value,
    "snippet": types.CompletionItemKind.Snippet,
}


server = LanguageServer("lms", VERSION, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)


@dataclass(frozen=True, slots=True)
class _CourseText:
    """An open file of a course, as it stands in the editor."""

    path: Path
    stem: str
    text: str
    codec: PositionCodec

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def check(self) -> Check:
        return text_check(self.path, today=vietnam_time.today())

    @property
    def problems(self) -> list[Problem]:
        beside = check_translated_text(self.path, self.text, today=vietnam_time.today())
        return [*self.check(self.text), *beside]

    def range(self, line: int, start: int, end: int | None = None) -> types.Range:
        """A part of a line, by indexes from 0, in the units of the editor."""
        text = self.lines[line].rstrip("\r") if line < len(self.lines) else ""
        stop = len(text) if end is None else end
        inner = types.Range(types.Position(line, min(start, len(text))), types.Position(line, max(start, stop)))
        return self.codec.range_to_client_units(self.lines, inner)

    def index(self, position: types.Position) -> tuple[int, int]:
        """A place as the editor counts, as the indexes of its line and of its character."""
        place = self.codec.position_from_client_units(self.lines, position)
        return place.line, place.character

    def range_of(self, problem: Problem) -> types.Range:
        start = problem.column - 1
        return self.range(problem.line - 1, start, start + problem.length if problem.length else None)


def _course_text(document: TextDocument) -> _CourseText | None:
    """The text of an open file; None for a file that is none of a course, or too large."""
    name = to_fs_path(document.uri)
    path = Path(name) if name else None
    file = parse_file_name(path.name) if path else None
    if path is None or file is None:
        return None
    text = document.source
    if len(text) > MAX_BYTES:
        return None
    return _CourseText(path, path.name.partition(".")[0].partition("-")[0], text, document.position_codec)


def _find(uri: str) -> _CourseText | None:
    return _course_text(server.workspace.get_text_document(uri))


# --- problems ---------------------------------------------------------------------------------------------------------


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def _opened(params: types.DidOpenTextDocumentParams) -> None:
    _publish(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_DID_SAVE)
def _saved(_params: types.DidSaveTextDocumentParams) -> None:
    for uri in list(server.workspace.text_documents):  # a hieu.md may show a screen of the lam.md that was saved
        _publish(uri)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
async def _changed(params: types.DidChangeTextDocumentParams) -> None:
    uri, version = params.text_document.uri, params.text_document.version
    await asyncio.sleep(PAUSE_SECONDS)
    document = server.workspace.text_documents.get(uri)
    if document is not None and document.version == version:
        _publish(uri)


@server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def _closed(params: types.DidCloseTextDocumentParams) -> None:
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))


def _publish(uri: str) -> None:
    document = server.workspace.get_text_document(uri)
    file = _course_text(document)
    found = [] if file is None else [_diagnostic(file, problem) for problem in file.problems]
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, document.version))


def _diagnostic(file: _CourseText, problem: Problem) -> types.Diagnostic:
    return types.Diagnostic(
        file.range_of(problem), problem.sentence, _SEVERITIES[problem.level], code=problem.rule, source="lms"
    )


# --- remedies ---------------------------------------------------------------------------------------------------------


@server.feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]),
)
def _code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
    file = _find(params.text_document.uri)
    if file is None:
        return []
    wanted = params.context.only or [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
    problems = file.check(file.text)
    actions: list[types.CodeAction] = []
    first, last = params.range.start.line + 1, params.range.end.line + 1
    if any(kind in (types.CodeActionKind.QuickFix, types.CodeActionKind.Empty) for kind in wanted):
        for problem in problems:
            if first <= problem.line <= last:
                for edit in safe_edits(file.text, problem, problems, file.check):
                    actions.append(_quick_fix(params.text_document.uri, file, problem, edit))
    if any(types.CodeActionKind.SourceFixAll.value.startswith(_value(kind)) for kind in wanted):
        fixed = fix_text(file.text, file.check)
        if fixed.text != file.text:
            whole = types.Range(types.Position(0, 0), types.Position(len(file.lines), 0))
            actions.append(
                types.CodeAction(
                    f"Sửa giúp {len(fixed.removed)} chỗ chắc chắn trong tệp",
                    kind=types.CodeActionKind.SourceFixAll,
                    edit=_workspace_edit(params.text_document.uri, types.TextEdit(whole, fixed.text)),
                )
            )
    return actions


def _value(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _quick_fix(uri: str, file: _CourseText, problem: Problem, edit: Edit) -> types.CodeAction:
    return types.CodeAction(
        f"Sửa thành: {edit.text.strip()}",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[_diagnostic(file, problem)],
        edit=_workspace_edit(uri, types.TextEdit(file.range(edit.line - 1, 0), edit.text)),
    )


def _workspace_edit(uri: str, edit: types.TextEdit) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(changes={uri: [edit]})


# --- what is typed next, what a rule wants, and the outline -----------------------------------------------------------


@server.feature(
    types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["[", "{", ">", ":", "=", " "])
)
def _complete(params: types.CompletionParams) -> types.CompletionList:
    file = _find(params.text_document.uri)
    if file is None:
        return types.CompletionList(is_incomplete=False, items=[])
    line, column = file.index(params.position)
    found = completions(file.text, line, column, file.stem, _practice_titles(file))
    return types.CompletionList(
        is_incomplete=False,
        items=[
            types.CompletionItem(
                each.label,
                kind=_KINDS[each.kind],
                text_edit=types.TextEdit(file.range(line, each.start, column), each.text),
                insert_text_format=types.InsertTextFormat.Snippet
                if each.kind == "snippet"
                else types.InsertTextFormat.PlainText,
            )
            for each in found
        ],
    )


def _practice_titles(file: _CourseText) -> Sequence[str]:
    """The screens of the lam.md beside a hieu.md, as it is open or on the disk."""
    if file.stem != "hieu":
        return ()
    path = file.path.with_name("lam.md")
    opened = server.workspace.text_documents.get(path.as_uri()) if path.is_absolute() else None
    text = opened.source if opened else read_text(path, path.parent)[0] if path.is_file() else None
    return screen_titles(text) if text else ()


@server.feature(types.TEXT_DOCUMENT_HOVER)
def _hover(params: types.HoverParams) -> types.Hover | None:
    file = _find(params.text_document.uri)
    if file is None:
        return None
    line, column = file.index(params.position)
    here = [each for each in file.check(file.text) if each.line == line + 1 and each.rule in rule_texts()]
    rules = list(dict.fromkeys(each.rule for each in here if each.column <= column + 1))
    if not rules:
        return None
    pages = "\n\n".join(rule_page(rule) for rule in rules)
    return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, pages))


@server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def _symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    file = _find(params.text_document.uri)
    if file is None:
        return []
    kind = types.SymbolKind.Class if file.stem == "lam" else types.SymbolKind.String
    symbols: list[types.DocumentSymbol] = []
    for item in outline(file.text):
        heading = file.range(item.start, 0)
        whole = types.Range(heading.start, file.range(item.end - 1, 0).end)
        symbols.append(types.DocumentSymbol(item.title, kind, whole, heading))
    return symbols
