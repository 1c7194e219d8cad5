"""Somebody who writes a lesson at /soan: counts taps, keys and pages, and knows what each file has to be in the end."""

from __future__ import annotations

import difflib
import re
import unicodedata
from abc import ABC, abstractmethod

from playwright.sync_api import Locator, expect

from lms.content.editor_support.snippets import PIECES
from tests.browser.waiting import wait_until
from tests.browser.walking import Walk, keys_of

LONG_WORD = 20  # characters; no word of a lesson has more
_FIELD = re.compile(r"\$\{([0-9]+):([^{}]*)\}|\$0")


class WrittenText:
    """The text that results from the same steps, without any browser."""

    def __init__(self, text: str) -> None:
        self.text = text

    def write_over(self, words: str, text: str) -> None:
        lines = self.text.split("\n")
        at = next(number for number, line in enumerate(lines) if words in line)
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[at : at + 1] = [indent + text] if text else []
        self.text = "\n".join(lines)

    def cut_from(self, words: str) -> None:
        self.text = self.text[: self.text.index(words)]

    def append(self, text: str) -> None:
        self.text = self.text.rstrip() + text

    def insert(self, title: str, *fields: str) -> None:
        self.append("\n\n" + filled_piece(title, *fields))

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.text.split("\n") if line.strip()]


def filled_piece(title: str, *fields: str) -> str:
    """A ready piece with its fields in the order of Tab; "" leaves what stands there."""
    body = next(piece.body for piece in PIECES if piece.title == title)
    typed = {str(number): text for number, text in enumerate(fields, 1) if text}
    return _FIELD.sub(lambda field: typed.get(field[1], field[2] or "") if field[1] else "", body).rstrip()


class Trainer(Walk, ABC):
    """Her hands on the page of one file. What she wrote is in ``written``, which the page must come to as well."""

    written: WrittenText

    def begin_file(self) -> None:
        """The page of a file is open."""
        self.written = WrittenText(self.field.input_value())

    @property
    def field(self) -> Locator:
        return self.page.locator("textarea[name=text]")

    def write_over(self, words: str, text: str) -> None:
        """Replace the line with these words, but for its indentation; "" removes it."""
        self.written.write_over(words, text)
        self.do_write_over(words, text)

    def cut_from(self, words: str) -> None:
        """Remove everything from a line on."""
        self.written.cut_from(words)
        self.do_cut_from(words)

    def insert(self, title: str, *fields: str) -> None:
        """Put a ready piece at the end and fill it in."""
        self.written.insert(title, *fields)
        self.do_insert(title, *fields)

    def append(self, text: str) -> None:
        self.written.append(text)
        self.do_append(text)

    def save(self) -> None:
        """Save what must be what was meant, and without an error."""
        self.expect_text()
        self.do_save()
        self.expect_text()

    def expect_text(self) -> None:
        lines, meant = WrittenText(self.field.input_value()).lines, self.written.lines
        assert lines == meant, "\n".join(difflib.ndiff(meant, lines))

    @abstractmethod
    def do_write_over(self, words: str, text: str) -> None: ...

    @abstractmethod
    def do_cut_from(self, words: str) -> None: ...

    @abstractmethod
    def do_insert(self, title: str, *fields: str) -> None: ...

    @abstractmethod
    def do_append(self, text: str) -> None: ...

    @abstractmethod
    def do_save(self) -> None: ...


class EditorTrainer(Trainer):
    """In the editor, with a mouse and a keyboard: pieces are inserted and filled in with Tab."""

    def begin_file(self) -> None:
        expect(self.page.locator(".editor__preview")).to_be_visible()
        expect(self.page.locator(".editor__status")).to_contain_text(re.compile("chỗ|lỗi|Không"))
        super().begin_file()

    def key(self, key: str, times: int = 1) -> None:
        self.keys += times
        for _ in range(times):
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.keys += keys_of(text)
        self.put_in(text)

    def put_in(self, text: str) -> None:
        self.page.keyboard.type(text)

    def line(self, words: str) -> Locator:
        return self.page.locator(".cm-line", has_text=words).first

    def select_line(self, words: str) -> None:
        """Drag from the beginning of a line to its end, which may be some rows below."""
        line = self.line(words)
        line.hover(position={"x": 3, "y": 8})
        self.page.mouse.down()
        box = line.bounding_box()
        assert box
        line.hover(position={"x": box["width"] - 4, "y": box["height"] - 8})
        self.page.mouse.up()
        self.taps += 1

    def do_write_over(self, words: str, text: str) -> None:
        indent = self.indent_of(words)
        self.select_line(words)
        if text:
            self.write_over_selection(indent + text)
        else:
            self.key("Delete")
            self.key("Backspace")

    def write_over_selection(self, text: str) -> None:
        self.write(text)

    def indent_of(self, words: str) -> str:
        line = next(line for line in self.field.input_value().split("\n") if words in line)
        return line[: len(line) - len(line.lstrip())]

    def do_cut_from(self, words: str) -> None:
        self.tap(self.line(words))
        self.key("Home")
        self.key("Control+Shift+End")
        self.key("Delete")

    def go_to_end(self) -> None:
        self.key("Control+End")

    def do_insert(self, title: str, *fields: str) -> None:
        self.go_to_end()
        pieces = self.page.locator(".editor__pieces")
        if pieces.get_attribute("open") is None:
            self.tap(pieces.locator("summary"))
        piece = pieces.locator("section", has=self.page.get_by_role("heading", name=title, exact=True))
        self.tap(piece.get_by_role("button", name="Chèn vào bài"))
        for number, text in enumerate(fields):
            if number:
                self.key("Tab")
            if text:
                self.write(text)
        self.key("Escape")

    def do_append(self, text: str) -> None:
        self.go_to_end()
        self.write(text)

    def do_save(self) -> None:
        expect(self.page.locator(".editor__problem", has_text=re.compile(r"^Dòng"))).to_have_count(0)
        self.tap(self.page.get_by_role("button", name="Lưu"))
        expect(self.page.locator("[data-said]")).to_contain_text("Đã lưu")


class TouchTrainer(EditorTrainer):
    """On a tablet with the keyboard on its screen: a tap sets the cursor, holding Backspace deletes.

    Lines come in as an input method's text, and count with all their letters. A held key counts as one.
    """

    def put_in(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.page.keyboard.press("Enter")
            self.page.keyboard.insert_text(line)

    def tap_end_of(self, line: Locator) -> None:
        """Tap behind the last letter, and again if the lines moved just then, as a page that is drawn late may do.

        Counts as one tap: how often a page is late depends on how busy the machine is.
        """
        words = (line.text_content() or "").strip()
        self.taps += 1
        for _ in range(3):
            line.scroll_into_view_if_needed()
            box = line.bounding_box()
            assert box
            line.tap(position={"x": box["width"] - 3, "y": box["height"] - 6})
            if self.is_cursor_in(words):
                break

    def is_cursor_in(self, words: str) -> bool:
        """Whether the cursor comes into the line with exactly these words."""
        try:
            expect(self.page.locator(".cm-activeLine")).to_have_text(words, timeout=2000)
        except AssertionError:
            return False
        return True

    def hold_backspace(self, characters: int) -> None:
        """Delete so many characters: one by one, and words if there are many, as a keyboard does whose key is held.

        The editor may take the spaces of an indentation at once.
        """
        self.keys += 1
        meant = self.length - characters
        while (left := self.length - meant) > LONG_WORD:
            for _ in range(left // LONG_WORD):
                self.page.keyboard.press("Control+Backspace")
        while (left := self.length - meant) > 0:
            for _ in range(max(1, left - 12)):
                self.page.keyboard.press("Backspace")

    @property
    def length(self) -> int:
        return len(self.field.input_value())

    def do_write_over(self, words: str, text: str) -> None:
        indent, line = self.indent_of(words), self.line(words)
        length = len((line.text_content() or "").strip())
        self.tap_end_of(line)
        if text:
            self.hold_backspace(length)
            self.write(text)
        else:
            self.hold_backspace(len(indent) + length + 1)

    def do_cut_from(self, words: str) -> None:
        self.go_to_end()
        self.hold_backspace(self.length - len(self.written.text))

    def go_to_end(self) -> None:
        """Swipe to the end, and tap behind the last letter.

        A swipe in the same frame as the last key is undone, since the editor then scrolls to the cursor: swipe again.
        """
        self.taps += 1
        wait_until(self.page, self.swipe_to_end)
        self.tap_end_of(self.page.locator(".cm-line").last)

    def swipe_to_end(self) -> bool:
        """Scroll as far as the editor lets; returns whether it shows the file's last line."""
        self.page.locator(".cm-scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight }")
        last = self.page.locator(".cm-lineNumbers .cm-gutterElement").last
        return last.text_content() == str(self.field.input_value().count("\n") + 1)


class TelexTrainer(EditorTrainer):
    """Types through an input method, which composes each word and then puts it in."""

    def put_in(self, text: str) -> None:
        keys = self.page.context.new_cdp_session(self.page)
        for part in re.findall(r"\w+|\W", text):
            if part == "\n":
                self.page.keyboard.press("Enter")
            elif part.isascii():
                self.page.keyboard.type(part)
            else:
                for composed in _compositions(part):
                    at = len(composed)
                    keys.send("Input.imeSetComposition", {"text": composed, "selectionStart": at, "selectionEnd": at})
                keys.send("Input.insertText", {"text": part})
        keys.detach()

    def write_over_selection(self, text: str) -> None:
        # A word that is composed over coloured ones takes their colours along in an inline style, which the page's
        # policy refuses on the console.
        self.key("Delete")
        self.write(text)


def _compositions(word: str) -> list[str]:
    """What Telex shows while a word is typed: each letter bare, then with its marks."""
    shown = []
    for number, letter in enumerate(word, 1):
        for each in (unicodedata.normalize("NFD", letter)[0], letter):
            if (text := word[: number - 1] + each) not in shown:
                shown.append(text)
    return shown


class PlainTrainer(Trainer):
    """Without a script: she edits in the text field, and copies pieces from the page."""

    COPYING = (3, 2)  # taps and keys: drag over the piece, tap where it goes; copy, paste

    def put(self, text: str) -> None:
        self.field.fill(text)

    def do_write_over(self, words: str, text: str) -> None:
        self.taps += 1
        self.keys += 2 + (keys_of(text) if text else 2)
        self.put(self.written.text)

    def do_cut_from(self, words: str) -> None:
        self.taps += 1
        self.keys += 3
        self.put(self.written.text)

    def do_insert(self, title: str, *fields: str) -> None:
        pieces = self.page.locator(".editor__pieces")
        if pieces.get_attribute("open") is None:
            self.tap(pieces.locator("summary"))
        copied = self.page.locator("section", has=self.page.get_by_role("heading", name=title, exact=True))
        assert copied.locator("pre").inner_text().strip() == filled_piece(title)
        self.taps += self.COPYING[0] + sum(map(bool, fields))
        self.keys += self.COPYING[1] + sum(map(keys_of, fields))
        self.put(self.written.text)

    def do_append(self, text: str) -> None:
        self.taps += 1
        self.keys += keys_of(text)
        self.put(self.written.text)

    def do_save(self) -> None:
        self.follow(self.page.get_by_role("button", name="Kiểm tra"))
        expect(self.page.locator(".editor__problem", has_text=re.compile(r"^Dòng"))).to_have_count(0)
        self.follow(self.page.get_by_role("button", name="Lưu"))
        expect(self.page.locator("[data-said]")).to_contain_text("Đã lưu")
