"""``lms lsp``, spoken to by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from lms.content.editor_support.completion import completions
from lms.content.translation.original_digest import original_digest

P = TypeVar("P")
T = TypeVar("T")
LAM = """---
bắt đầu: Một
đích: Xong
dữ liệu:
  cccd: "099060000123"
---

## Một
> Việc: Bác chạm "Tiếp tục".

- [nút] 😀 Tiếp tục → Xong

## Xong {loại=kết}

Xong rồi.
"""


class Editor:
    """A client with the server that it has started.

    Its loop has a thread of its own: in a worker that has run browser tests, their loop runs in the main thread.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.client = LanguageClient("tests", "1")
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda said: self.published.put_nowait(said))
        self.version = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, 60), self.loop).result()

    def notify(self, send: Callable[[P], None], params: P) -> None:
        async def call() -> None:
            send(params)

        self.run(call())

    def start(self, folder: Path) -> types.InitializeResult:
        self.run(self.client.start_io(sys.executable, "-m", "lms", "lsp", "--stdio"))
        result = self.run(
            self.client.initialize_async(types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri()))
        )
        self.notify(self.client.initialized, types.InitializedParams())
        return result

    def stop(self) -> None:
        self.run(self.client.shutdown_async(None))
        self.notify(self.client.exit, None)
        self.run(self.client.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def open(self, path: Path, text: str) -> list[types.Diagnostic]:
        self.version += 1
        item = types.TextDocumentItem(path.as_uri(), "markdown", self.version, text)
        self.notify(self.client.text_document_did_open, types.DidOpenTextDocumentParams(item))
        return self.problems(path)

    def change(self, path: Path, *texts: str) -> list[types.Diagnostic]:
        """Type these texts one after the other; the problems of the last."""
        for text in texts:
            self.version += 1
            self.notify(
                self.client.text_document_did_change,
                types.DidChangeTextDocumentParams(
                    types.VersionedTextDocumentIdentifier(self.version, path.as_uri()),
                    [types.TextDocumentContentChangeWholeDocument(text)],
                ),
            )
        return self.problems(path)

    def problems(self, path: Path) -> list[types.Diagnostic]:
        """What the server says about the present version."""

        async def wait() -> list[types.Diagnostic]:
            while True:
                said = await self.published.get()
                if (said.uri, said.version) == (path.as_uri(), self.version):
                    return list(said.diagnostics)

        return self.run(wait())

    def actions(self, path: Path, line: int, *only: types.CodeActionKind) -> list[types.CodeAction]:
        where = types.Range(types.Position(line, 0), types.Position(line, 0))
        context = types.CodeActionContext([], only=list(only) or None)
        identifier = types.TextDocumentIdentifier(path.as_uri())
        params = types.CodeActionParams(identifier, where, context)
        found = self.run(self.client.text_document_code_action_async(params)) or []
        return [action for action in found if isinstance(action, types.CodeAction)]

    def completions(self, path: Path, line: int, character: int) -> dict[str, types.TextEdit]:
        params = types.CompletionParams(types.TextDocumentIdentifier(path.as_uri()), types.Position(line, character))
        found = self.run(self.client.text_document_completion_async(params))
        assert isinstance(found, types.CompletionList)
        return {item.label: item.text_edit for item in found.items if isinstance(item.text_edit, types.TextEdit)}


@pytest.fixture(scope="module")
def editor(tmp_path_factory) -> Iterator[Editor]:
    running = Editor()
    running.start(tmp_path_factory.mktemp("lsp"))
    yield running
    running.stop()


@pytest.fixture
def lesson(tmp_path) -> Path:
    folder = tmp_path / "thu" / "01-bai"
    folder.mkdir(parents=True)
    (folder / "hieu.md").write_text("---\ntên: Bài\nphút: 3\n---\n\n## Một\n\nChữ.\n", "utf-8")
    return folder


@pytest.mark.slow
def test_problems_come_while_typing_at_their_place_in_the_editors_units(editor, lesson):
    path = lesson / "lam.md"
    problems = editor.open(path, LAM)
    [arrow] = [problem for problem in problems if problem.code == "near-arrow"]
    line = "- [nút] 😀 Tiếp tục → Xong"
    assert arrow.severity == types.DiagnosticSeverity.Error and arrow.source == "lms"
    assert arrow.range.start == types.Position(10, line.index("→") + 1)  # the face takes two units of UTF-16
    assert editor.change(path, LAM.replace("→", "-"), LAM.replace("→", "="), LAM.replace("→", "=>")) == []


def test_a_translation_is_compared_with_its_original_while_typing(editor, lesson):
    path, original = lesson / "hieu.en.md", (lesson / "hieu.md").read_text("utf-8")
    translation = original.replace("Bài", "Lesson").replace("Một", "One").replace("Chữ.", "Words.")
    fresh = translation.replace("phút: 3\n", f"phút: 3\nbản gốc: {original_digest(original)}\n")
    older = editor.open(path, fresh.replace("bản gốc: ", "bản gốc: 0"))
    assert "translation-old" in {problem.code for problem in older}
    lacking = editor.change(path, fresh.replace("## One\n\nWords.\n", ""))
    assert [problem.code for problem in lacking if str(problem.code).startswith("translation-")]
    assert editor.change(path, fresh) == []


def test_a_remedy_mends_the_line_and_the_whole_file(editor, lesson):
    path = lesson / "lam.md"
    slip = LAM.replace("→", "=>").replace("> Việc:", "> Viec;").replace("- [nút]", "-[nút]")
    assert editor.open(path, slip)
    [quick] = editor.actions(path, 10, types.CodeActionKind.QuickFix)
    [edit] = quick.edit.changes[path.as_uri()]
    assert edit.new_text == "- [nút] 😀 Tiếp tục => Xong"
    assert (edit.range.start.line, edit.range.end.character) == (10, len(edit.new_text.encode("utf-16-le")) // 2 - 1)
    [everything] = editor.actions(path, 0, types.CodeActionKind.SourceFixAll)
    [whole] = everything.edit.changes[path.as_uri()]
    assert editor.change(path, whole.new_text) == []


def test_two_meanings_are_two_remedies(editor, lesson):
    path = lesson / "lam.md"
    editor.open(path, LAM.replace("bắt đầu: Một\n", "bắt đầu: Một\n").replace("Tiếp tục →", "Tiếp tục →"))
    titles = [action.title for action in editor.actions(path, 10, types.CodeActionKind.QuickFix)]
    assert titles and all(title.startswith("Sửa thành: - [nút] 😀 Tiếp tục ") for title in titles)


def test_what_may_be_typed_comes_from_the_language_and_the_file(editor, lesson):
    path = lesson / "lam.md"
    text = LAM.replace("→ Xong", "=> ") + "\n## Nữa\n- \n> \n- [ô số] Số = {{\n"
    editor.open(path, text)
    targets = editor.completions(path, 10, len("- [nút] 😀 Tiếp tục => ") + 1)
    assert {"Một", "Xong", "Nữa"} <= set(targets)
    last = len(text.split("\n")) - 1
    assert "nút" in editor.completions(path, last - 3, 2)
    assert editor.completions(path, last - 2, 2)["Việc"].new_text == "Việc: "
    assert editor.completions(path, last - 1, len("- [ô số] Số = {{"))["cccd"].new_text == "cccd}}"


def test_a_hieu_names_the_screens_of_the_practice_beside_it(editor, lesson):
    (lesson / "lam.md").write_text(LAM, "utf-8")
    path = lesson / "hieu.md"
    editor.open(path, "---\ntên: Bài\nphút: 3\n---\n\n## Một\n\n::: chạm thử\nBác chạm.\n=> \n:::\n")
    assert set(editor.completions(path, 9, 3)) == {"Một", "Xong"}


def test_a_place_with_a_problem_tells_its_rule_and_the_outline_has_the_screens(editor, lesson):
    path = lesson / "lam.md"
    editor.open(path, LAM)
    identifier = types.TextDocumentIdentifier(path.as_uri())
    hover = editor.run(editor.client.text_document_hover_async(types.HoverParams(identifier, types.Position(10, 24))))
    assert hover is not None and "near-arrow" in hover.contents.value and "Đúng:" in hover.contents.value
    symbols = editor.run(editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(identifier)))
    assert [(symbol.name, symbol.range.start.line, symbol.range.end.line) for symbol in symbols] == [
        ("Một", 7, 11),
        ("Xong", 12, 15),
    ]


def test_other_files_and_arbitrary_text_are_answered_quietly(editor, lesson):
    assert editor.open(lesson / "README.md", "## Không phải bài → đâu") == []
    path = lesson / "dung.md"
    assert editor.open(path, "---\n{{[[=>\x00 😀" * 50)
    assert editor.completions(path, 0, 3) is not None
    assert editor.actions(path, 999) is not None


@pytest.mark.parametrize(
    ("line", "stem", "wanted", "text"),
    [
        ("- [n", "lam", "nút", "nút] "),
        ("- nú", "lam", "nút", "nút: "),
        ("  - s", "lam", "sai", "sai: "),
        ("## Màn {lo", "lam", "loại", "loại="),
        ("## Màn {loại=", "lam", "cuộc gọi", '"cuộc gọi"'),
        ('## Màn {loại="', "lam", "cuộc gọi", "cuộc gọi"),
        ("::: h", "hieu", "hỏi", "hỏi"),
    ],
)
def test_each_place_has_its_own_words(line, stem, wanted, text):
    found = {each.label: each.text for each in completions(f"---\na: b\n---\n{line}", 3, len(line), stem)}
    assert found[wanted] == text


def test_the_front_matter_has_the_keys_of_its_file():
    found = {each.label for each in completions("---\nt\n---\n", 1, 1, "lam")}
    assert {"tên", "đích", "dữ liệu"} <= found


def test_without_the_library_one_sentence_says_what_to_install():
    code = (
        "import sys, importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pygls' else found(name, *a)\n"
        "from lms.cli import main; main(['lsp'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install" in done.stderr and len(done.stderr.splitlines()) == 1
