"""Read a file of slides (PPTX) that ``office_archive`` has looked through."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn

from lms.content.slide_deck.deck import Deck, Slide, SlideParagraph, SlidePicture, SlideTable, UnreadableSlides

MAX_SLIDES = 120
MAX_SHAPES = 400  # of a slide
MAX_CHARACTERS = 20_000  # of a slide
_FURNITURE = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER})
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE})
_BODIES = frozenset({PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY})
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


def read_deck(data: bytes) -> Deck:
    """The slides of a checked archive.

    Raises:
        UnreadableSlides: the parts of the file do not fit together, or there are none, or too many.
    """
    try:
        presentation = Presentation(io.BytesIO(data))
        count = len(presentation.slides)
        if count > MAX_SLIDES:
            raise UnreadableSlides(f"Tệp có {count} trang chiếu, hơn {MAX_SLIDES}; bác tách nó ra, mỗi bài một tệp.")
        deck = Deck(title=" ".join((presentation.core_properties.title or "").split()))
        for number, slide in enumerate[Any](presentation.slides, 1):
            if slide.element.get("show") in ("0", "false"):
                deck.hidden.append(number)
            else:
                deck.slides.append(_read_slide(number, slide))
    except UnreadableSlides:
        raise
    except Exception as error:  # the library raises what it happens to meet: KeyError, XMLSyntaxError …
        raise UnreadableSlides("Tệp trình chiếu này hỏng; bác mở nó ra, lưu lại rồi thử lại.") from error
    if not deck.slides:
        raise UnreadableSlides("Tệp này không có trang chiếu nào, hay trang nào cũng đang ẩn.")
    return deck


def _read_slide(number: int, slide: Any) -> Slide:
    read = Slide(number)
    shapes = list(_flat(slide.shapes))
    if len(shapes) > MAX_SHAPES:
        raise UnreadableSlides(f"Trang chiếu {number} có hơn {MAX_SHAPES} hình khối; bác bỏ bớt rồi thử lại.")
    title = next((shape for shape in shapes if _kind(shape) in _TITLES), None)
    if title is not None:
        read.title = _one_line(title.text_frame.text)
    for shape in sorted((shape for shape in shapes if shape is not title), key=_place):
        _read_shape(shape, read)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        read.notes = [text for line in _lines(slide.notes_slide.notes_text_frame.text) if (text := line.strip())]
    size = sum(len(part.text) for part in read.parts if isinstance(part, SlideParagraph))
    if size + sum(map(len, read.notes)) > MAX_CHARACTERS:
        raise UnreadableSlides(f"Trang chiếu {number} có quá nhiều chữ; bác tách nó ra.")
    return read


def _flat(shapes: Iterable[Any]) -> Iterator[Any]:
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _flat(shape.shapes)
        else:
            yield shape


def _kind(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _place(shape: Any) -> tuple[int, int]:
    """From top to bottom, then from left to right, by rows of a centimetre. A place of the layout is its body's."""
    return (shape.top or 0) // 360_000, shape.left or 0


def _read_shape(shape: Any, read: Slide) -> None:
    if _kind(shape) in _FURNITURE:
        return
    if shape.shape_type == MSO_SHAPE_TYPE.PICTURE or hasattr(shape, "image"):
        _read_picture(shape, read)
    elif getattr(shape, "has_table", False):
        rows = [tuple(_one_line(cell.text) for cell in row.cells) for row in shape.table.rows]
        read.parts.append(SlideTable(tuple(rows)))
    elif getattr(shape, "has_chart", False):
        read.lost.append("biểu đồ")
    elif shape.has_text_frame:
        _read_text(shape, read)
    elif shape.element.tag == qn("p:graphicFrame"):
        data = shape.element.find(f".//{qn('a:graphicData')}")
        is_diagram = data is not None and data.get("uri") == _DIAGRAM
        read.lost.append("sơ đồ SmartArt" if is_diagram else "một khung của chương trình khác")
    elif shape.shape_type == MSO_SHAPE_TYPE.MEDIA:
        read.lost.append("phim hay âm thanh")


def _read_picture(shape: Any, read: Slide) -> None:
    if any(shape.element.find(f".//{qn(tag)}") is not None for tag in ("a:videoFile", "a:audioFile")):
        read.lost.append("phim hay âm thanh")
    try:
        data = shape.image.blob
    except (AttributeError, KeyError, ValueError):  # a picture that is a link to elsewhere
        read.lost.append("hình nằm ngoài tệp")
        return
    name = shape.element.find(f".//{qn('p:cNvPr')}")
    read.parts.append(SlidePicture(data, _one_line(name.get("descr") or "") if name is not None else ""))


def _read_text(shape: Any, read: Slide) -> None:
    is_body = _kind(shape) in _BODIES
    if shape.element.find(f".//{_MATH}") is not None:
        read.lost.append("công thức")
    for paragraph in shape.text_frame.paragraphs:
        lines = [_one_line(line) for line in _lines(paragraph.text)]
        text = " ".join(line for line in lines if line)
        if text:
            read.parts.append(SlideParagraph(text, paragraph.level, _is_item(paragraph, is_body)))


def _is_item(paragraph: Any, is_body: bool) -> bool:
    """Whether a bullet stands before a paragraph. In a body it does, unless the paragraph says otherwise."""
    properties = paragraph._p.find(qn("a:pPr"))
    if properties is not None:
        if properties.find(qn("a:buNone")) is not None:
            return False
        if any(properties.find(qn(tag)) is not None for tag in ("a:buChar", "a:buAutoNum", "a:buBlip")):
            return True
    return is_body


def _lines(text: str) -> list[str]:
    return text.replace("\v", "\n").split("\n")


def _one_line(text: str) -> str:
    return " ".join(text.split())
