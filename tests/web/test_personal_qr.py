"""The QR code of a learning code is the one that an encoder draws."""

from __future__ import annotations

import pytest
import segno

from lms.web.personal_qr import MASK, personal_qr_svg


@pytest.mark.parametrize("prefix", ["http://hoc.example/toi/vao/", "https://hoc.binhdanhocvuso.example:8443/toi/vao/"])
@pytest.mark.parametrize("ending", ["ABCDEFGHJKLM", "777777777777", "Z2Y3X4W5V6U7", "@{~0aA 9zZ/_"])
def test_the_square_is_the_encoders(prefix, ending):
    code = segno.make(prefix + ending, error="m", micro=False, mask=MASK)
    drawn = code.svg_inline(border=0, omitsize=True, svgclass="qr__square", lineclass="qr__ink")
    assert personal_qr_svg(prefix, ending) == drawn


def test_text_that_is_not_ascii_is_refused():
    with pytest.raises(UnicodeEncodeError):
        personal_qr_svg("http://hoc.example/toi/vao/", "ấ")
