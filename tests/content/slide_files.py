"""Slides and pictures for tests, as files."""

from __future__ import annotations

import io

from PIL import Image
from pptx import Presentation
from pptx.util import Inches


def slides(*texts: tuple[str, str], notes: str = "", picture: bytes = b"") -> bytes:
    presentation = Presentation()
    for title, body in texts:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text_frame.text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        if picture:
            slide.shapes.add_picture(io.BytesIO(picture), Inches(1), Inches(5), width=Inches(2))
    output = io.BytesIO()
    presentation.save(output)
    return output.getvalue()


def picture(size: tuple[int, int], kind: str = "JPEG", **options) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(output, kind, **options)
    return output.getvalue()
