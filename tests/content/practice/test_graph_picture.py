"""The SVG of a practice's graph: it is complete, nothing overlaps, and all text is escaped."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations, pairwise

import pytest
from click.testing import CliRunner
from lxml import etree

from lms.cli import main
from lms.content.practice.compiling import main_path
from lms.content.practice.graph_layout import BOX_WIDTH, GraphEdge, lay_out
from lms.content.practice.graph_picture import describe_graph, draw_graph, number_screens
from lms.content.practice.storyboard import read_practice

TODAY = date(2026, 11, 25)
SVG = "{http://www.w3.org/2000/svg}"

# A side way of three screens, arrows that skip and go back, two traps to one screen, and a title with HTML.
TANGLED = """---
tên: Rối <b>&"'
bắt đầu: A
đích: Xong
---

## A
> Việc: Đi.

- [nút] Tới => B
- [nút] Một -> L1
- [nút] Bẫy x> L3
  - báo: Thôi.

## L1
> Việc: Chọn.

- [nút] Sâu hơn -> #l2
- [nút] Về => A

## Màn hình có cái tên thật dài để xem nó xuống dòng thế nào </text><script>alert(1)</script> {#l2}
> Việc: Chọn.

- [nút] Sâu nữa -> L4
- [nút] Về thẳng => A
- [nút] Về một -> L1

## L4 {loại=lạc}
> Lạc: Xa quá.

- [nút] Về thẳng B => B

## L3 {loại=lạc}
> Lạc: Bẫy.

- [nút] Về => A

## B
> Việc: Đi.

- [nút] Tới => C
- [nút] Lùi -> A
- [nút] Nhảy -> D
- [nút] Xem -> L1

## C
> Việc: Đi.

- [nút] Tới => D
- [nút] Bỏ -> Bỏ dở
- [nút] Bẫy x> L3
  - báo: Thôi.
  - chí tử: có

## D
> Việc: Đi.

- [nút] Tới => Xong
- [nút] Lùi -> A

## Bỏ dở {loại=kết}

## Xong {loại=kết}
"""


@pytest.fixture(scope="module")
def drawn(practices):
    tangled, problems = read_practice(TANGLED, "lam.md", today=TODAY)
    assert tangled is not None, problems
    return {**practices, "tangled": tangled}


def layout_of(practice):
    ways = dict.fromkeys(
        GraphEdge(screen.id, widget.target, widget.arrow)
        for screen in practice.screens
        for widget in screen.widgets
        if widget.arrow
    )
    return lay_out(main_path(practice), list(ways), dict.fromkeys([screen.id for screen in practice.screens], 70.0))


@pytest.mark.slow
def test_every_screen_and_arrow_is_drawn(drawn):
    for name, practice in drawn.items():
        picture = etree.fromstring(draw_graph(practice).encode())
        words = " ".join(" ".join(text.itertext()) for text in picture.iter(f"{SVG}text"))
        numbers = number_screens(practice)
        assert len(set(numbers.values())) == len(practice.screens) and "?" not in numbers.values(), name
        for screen in practice.screens:
            assert numbers[screen.id] in words.split(), name
            assert "".join(screen.title.split()) in "".join(words.split()), (name, screen.title)
        told = " ".join(describe_graph(practice))
        for screen in practice.screens:
            for widget in screen.widgets:
                assert not widget.arrow or f"“{widget.label}”" in told, name


@pytest.mark.slow
def test_boxes_do_not_overlap_and_lines_avoid_boxes(drawn):
    for name, practice in drawn.items():
        layout = layout_of(practice)
        for (one, first), (other, second) in combinations(layout.boxes.items(), 2):
            apart = first.right < second.x or second.right < first.x
            apart = apart or first.y + first.height < second.y or second.y + second.height < first.y
            assert apart, (name, one, other)
        for route in layout.routes:
            for (x1, y1), (x2, y2) in pairwise(route.points):
                assert x1 == x2 or y1 == y2, (name, route.edge)
                for screen, box in layout.boxes.items():
                    across = min(x1, x2) < box.right - 1 and max(x1, x2) > box.x + 1
                    down = min(y1, y2) < box.y + box.height - 1 and max(y1, y2) > box.y + 1
                    assert not (across and down), (name, route.edge, screen)
            assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in route.points), name


@pytest.mark.slow
def test_lines_do_not_overlap(drawn):
    for name, practice in drawn.items():
        upright = [
            (route.edge, x1, *sorted((y1, y2)))
            for route in layout_of(practice).routes
            for (x1, y1), (x2, y2) in pairwise(route.points)
            if x1 == x2 and y1 != y2
        ]
        for (way, x, low, high), (other, at, bottom, top) in combinations(upright, 2):
            assert x != at or high <= bottom or top <= low, (name, way, other)


def test_traps_have_labels_and_ends_a_double_border(drawn):
    picture = etree.fromstring(draw_graph(drawn["tangled"]).encode())
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert words.count("bẫy") == 2 and words.count("chí tử") == 1  # one of them in the legend
    assert {"đích", "kết khác", "bắt đầu, ứng dụng"} <= set(words)
    assert len([one for one in picture.iter(f"{SVG}rect") if float(one.get("width")) == BOX_WIDTH - 10]) == 2


def test_texts_are_escaped_and_there_are_no_inline_styles(drawn):
    picture = draw_graph(drawn["tangled"])
    root = etree.fromstring(picture.encode())
    known = {f"{SVG}{name}" for name in ("svg", "title", "desc", "rect", "defs", "marker", "path", "g", "text")}
    assert {element.tag for element in root.iter()} == known
    assert "<script" not in picture and "style=" not in picture
    assert not re.search(r'\b(href|on\w+)="', picture)


def test_screen_readers_get_a_description(drawn):
    root = etree.fromstring(draw_graph(drawn["tangled"]).encode())
    named = [root.get("aria-labelledby"), root.get("aria-describedby")]
    texts = [root.xpath(f"//*[@id='{one}']")[0].text for one in named]
    assert texts[0].startswith("Sơ đồ bài tập: Rối")
    assert "Màn 1, A: “Tới” (đường đúng) tới màn 2; “Một” (lối phụ) tới màn 1a; “Bẫy” (bẫy) tới màn 1b." in texts[1]


def test_an_english_reader_gets_english_words_around_the_texts_of_the_practice(drawn):
    picture = etree.fromstring(draw_graph(drawn["tangled"], "en").encode())
    texts = list(picture.iter(f"{SVG}text"))
    words = [text.text for text in texts if text.get("lang") is None]
    assert words.count("trap") == 2 and words.count("fatal") == 1
    assert {"goal", "other end", "start, app", "right way"} <= set(words)
    assert {text.text for text in texts if text.get("lang") == "vi"} >= {"A", "Bỏ dở", drawn["tangled"].title}
    assert not re.search("[À-ỹ]", "".join(words))
    told = next(describe_graph(drawn["tangled"], "en", lambda text: f"<{text}>"))
    assert told == (
        "Screen 1, <A>: “<Tới>” (right way) to screen 2; “<Một>” (side way) to screen 1a; “<Bẫy>” (trap) to screen 1b."
    )


def test_the_graph_command_prints_the_svg(request):
    file = request.path.parent / "cases" / "every-role.md"
    result = CliRunner().invoke(main, ["graph", str(file)], catch_exceptions=False)
    assert result.exit_code == 0
    assert etree.fromstring(result.stdout.encode()).tag == f"{SVG}svg"
    missing = CliRunner().invoke(main, ["graph", str(file.parent)])
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_the_graph_command_writes_a_file_that_no_shell_has_recoded(request, tmp_path):
    file, output = request.path.parent / "cases" / "every-role.md", tmp_path / "so-do.svg"
    result = CliRunner().invoke(main, ["graph", str(file), "-o", str(output)], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (0, "")
    assert etree.fromstring(output.read_bytes()).tag == f"{SVG}svg"
    refused = CliRunner().invoke(main, ["graph", str(file), "-o", str(tmp_path)])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Không ghi được" in refused.stderr
