"""Badges: awarded once when earned, checked by strangers, withdrawn, and forgotten."""

from __future__ import annotations

import contextlib
import io
import json
import zlib
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import delete, update

from lms.cli import main
from lms.content.model import Stage
from lms.learning.badges import artwork, baking
from lms.learning.badges.artwork import draw_badge_svg
from lms.learning.badges.awarding import award_badge, badge_png, check_badge, find_badge, revoke_badge
from lms.learning.badges.keys import load_key_ring
from lms.learning.badges.openbadges import Issuer, Verdict
from lms.learning.badges.wording import evidence_sentence
from lms.learning.errors import BadgeForgotten, BadgeNotEarned, BadgeWithdrawn, InvalidName, LearnerForgotten, NotFound
from lms.learning.learners.learner_store import forget_learner
from lms.learning.marks.evidence import BadgeStageEvidence
from lms.learning.progress.course_progress import course_progress
from lms.learning.progress.learner_progress import everything_of_learner
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import Mark, PublishedKey
from tests.learning.finished_stages import finish_lesson, understand_all
from tests.learning.sample_courses import LATER
from tests.stored_learner import store_learner

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "openbadges" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="1EdTech's samples of ../shared/data are not here")


def award(session, learner, library, issuer, *, name="Trần Thị Lan", lesson="kich-hoat"):
    return award_badge(session, learner, library, "vneid", lesson, name=name, issuer=issuer, now=LATER)


@pytest.fixture
def badge(session, lan, library, issuer):
    finish_lesson(session, lan, library)
    return award(session, lan, library, issuer)


def as_json(document: dict) -> bytes:
    return json.dumps(document).encode()


def picture_of_elsewhere(document: dict) -> str:
    """An SVG with the credential baked in, as other programs make them of it."""
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
    return f"<svg {spaces}><openbadges:credential>{escape(json.dumps(document))}</openbadges:credential></svg>"


def test_three_marks_make_the_lessons_badge(badge, session, issuer):
    assert (badge.title, badge.name, badge.awarded_at) == ("Huy hiệu bài Ba loại mã", "Trần Thị Lan", LATER)
    assert [evidence_sentence(one) for one in badge.evidence] == [
        "Đúng 3 trong 3 câu hỏi.",
        "Tự làm đúng 2 trong 2 màn hình tập.",
        "Làm 2 việc trên máy thật, theo lời người học.",
    ]
    checked = check_badge(session, as_json(badge.document), issuer)
    assert (checked.verdict, checked.badge_id, checked.name) == (Verdict.VALID, badge.id, "Trần Thị Lan")
    assert checked.awarded_at == LATER


@pytest.mark.parametrize(
    "evidence, sentence",
    [
        ((Stage.UNDERSTAND, 5, 6), "Đúng ít nhất 5 trong 6 câu hỏi."),
        ((Stage.UNDERSTAND, 6, 6), "Đúng 6 trong 6 câu hỏi."),
        ((Stage.USE, 3, 3), "Làm 3 việc trên máy thật, theo lời người học."),
        ((Stage.USE, 3, 3, 1), "Làm 3 việc trên máy thật, người đứng lớp đã thấy 1 việc, còn lại theo lời người học."),
        ((Stage.USE, 3, 3, 3), "Làm 3 việc trên máy thật, người đứng lớp đã thấy cả 3 việc."),
        ((Stage.USE, 1, 1, 1), "Làm 1 việc trên máy thật, người đứng lớp đã thấy."),
    ],
)
def test_the_signed_evidence_claims_no_more_than_is_known(evidence, sentence):
    assert evidence_sentence(BadgeStageEvidence(*evidence)) == sentence


def test_a_badge_says_that_it_is_not_official(badge):
    description = badge.document["credentialSubject"]["achievement"]["description"]
    assert "hoàn thành bài tập" in description
    assert "binhdanhocvuso.gov.vn" in description
    assert "chứng nhận" not in json.dumps(badge.document, ensure_ascii=False).lower()


def test_addresses_come_from_the_public_url(badge, issuer):
    assert badge.document["id"] == f"{issuer.public_url}/huy-hieu/{badge.id}"
    assert badge.document["issuer"]["id"] == f"{issuer.public_url}/huy-hieu/nguoi-trao"


def test_missing_marks_give_no_badge(session, lan, library, issuer):
    understand_all(session, lan, library)
    with pytest.raises(BadgeNotEarned):
        award(session, lan, library, issuer)


def test_a_mark_without_counts_is_left_out_of_the_badge(session, lan, library, issuer):
    finish_lesson(session, lan, library)
    session.execute(update(Mark).where(Mark.stage == Stage.PRACTICE).values(evidence={}))
    assert [each.stage for each in award(session, lan, library, issuer).evidence] == [Stage.UNDERSTAND, Stage.USE]
    session.execute(update(Mark).values(evidence={}))
    with pytest.raises(BadgeNotEarned):
        award(session, lan, library, issuer, name="Lan")


@pytest.mark.parametrize(("course", "lesson"), [("vneid", "khong-co"), ("khong-co", None)])
def test_an_unknown_lesson_has_no_badge(session, lan, library, issuer, course, lesson):
    with pytest.raises(NotFound):
        award_badge(session, lan, library, course, lesson, name=None, issuer=issuer, now=LATER)


def test_all_lessons_make_the_courses_badge(session, lan, library, issuer):
    finish_lesson(session, lan, library)
    with pytest.raises(BadgeNotEarned):
        award(session, lan, library, issuer, lesson=None)
    understand_all(session, lan, library, "ba-loai-ma")
    assert course_progress(session, lan.id, library.course("vneid")).claimable
    badge = award(session, lan, library, issuer, lesson=None)
    assert (badge.lesson, badge.title) == ("", "Huy hiệu khóa học VNeID")
    assert badge.evidence[0].right == 5  # of both lessons
    assert course_progress(session, lan.id, library.course("vneid")).badge_id == badge.id


def test_claiming_again_gives_the_same_badge(session, lan, library, issuer, badge):
    assert award(session, lan, library, issuer) == badge
    assert award(session, lan, library, issuer, name="  Trần  Thị Lan ") == badge


def test_another_name_replaces_the_badge(session, lan, library, issuer, badge):
    newer = award(session, lan, library, issuer, name=None)
    assert newer.id != badge.id
    assert newer.name is None
    assert check_badge(session, as_json(badge.document), issuer).verdict is Verdict.REVOKED
    assert find_badge(session, badge.id).replaced
    assert check_badge(session, as_json(newer.document), issuer).verdict is Verdict.VALID
    assert [one.id for one in everything_of_learner(session, lan.id, library).badges] == [newer.id]
    back = award(session, lan, library, issuer)
    assert back.id not in (badge.id, newer.id)


def test_two_badges_of_one_learner_cannot_be_linked(session, lan, library, issuer, badge):
    understand_all(session, lan, library, "ba-loai-ma")
    other = award(session, lan, library, issuer, lesson="ba-loai-ma")
    assert other.document["credentialSubject"]["id"] != badge.document["credentialSubject"]["id"]
    assert lan.id not in json.dumps([badge.document, other.document])


def test_a_badge_is_found_in_capital_letters_too(session, badge):
    """A QR code of an upper-case address is smaller."""
    assert find_badge(session, badge.id.upper()) == badge


def test_an_unknown_badge_is_not_found(session):
    with pytest.raises(NotFound):
        find_badge(session, "0" * 24)


def test_a_withdrawn_badge_says_so_and_is_not_awarded_again(session, lan, library, issuer, badge):
    revoke_badge(session, badge.id, now=LATER)
    assert find_badge(session, badge.id).revoked
    assert check_badge(session, as_json(badge.document), issuer).verdict is Verdict.REVOKED
    for name in ("Trần Thị Lan", "Lan"):
        with pytest.raises(BadgeWithdrawn):
            award(session, lan, library, issuer, name=name)
    with pytest.raises(NotFound):
        revoke_badge(session, badge.id, now=LATER)


def test_an_operator_withdraws_a_badge(engine, library, issuer):
    url = engine.url.render_as_string(hide_password=False)
    with write_sessions(engine).begin() as session:
        lan = store_learner(session, now=LATER)
        finish_lesson(session, lan, library)
        badge = award(session, lan, library, issuer)

    def revoke(badge_id: str):
        env = {"LMS_DATABASE_URL": url, "LMS_SECRET_KEY": "k" * 32}
        return CliRunner().invoke(main, ["badge", "revoke", badge_id], env=env)

    assert revoke("0" * 24).exit_code == 1
    assert revoke(badge.document["id"]).exit_code == 0
    assert "Không có huy hiệu" in revoke(badge.id).output
    with read_sessions(engine)() as session:
        assert find_badge(session, badge.id).revoked


def test_a_badge_of_a_forgotten_learner_says_so(session, lan, library, issuer, badge):
    forget_learner(session, lan, now=LATER)
    with pytest.raises(BadgeForgotten):
        find_badge(session, badge.id)
    checked = check_badge(session, as_json(badge.document), issuer)
    assert (checked.verdict, checked.name) == (Verdict.FORGOTTEN, None)
    with pytest.raises(LearnerForgotten):
        award(session, lan, library, issuer)


def test_a_badge_of_another_site_is_not_ours(session, badge, tmp_path):
    session.execute(delete(PublishedKey))  # its own store
    stranger = Issuer("https://elsewhere.example", load_key_ring(tmp_path))
    assert check_badge(session, as_json(badge.document), stranger).verdict is Verdict.NOT_OURS


def test_a_valid_badge_that_the_database_lost_stays_valid(session, lan, library, issuer, badge):
    from sqlalchemy import delete

    from lms.learning.store.models import Badge

    session.execute(delete(Badge))
    assert check_badge(session, as_json(badge.document), issuer).verdict is Verdict.VALID


def test_a_name_can_do_no_harm(session, lan, library, issuer):
    finish_lesson(session, lan, library)
    badge = award(session, lan, library, issuer, name='<script>alert("1")</script>]]>')
    assert badge.name == '<script>alert("1")</script>]]>'
    assert check_badge(session, picture_of_elsewhere(badge.document).encode(), issuer).name == badge.name
    with pytest.raises(InvalidName):
        award(session, lan, library, issuer, name="x" * 61)


@pytest.mark.slow
def test_a_course_name_with_odd_characters_is_signed_in_one_line(session, lan, library, issuer):
    first = library.courses[0]
    odd = replace(first.lessons[0].understand, name="Kích\u00a0hoạt\u2028tài  khoản " + "rất dài " * 60)
    lesson = replace(first.lessons[0], understand=odd)
    catalog = replace(library, courses=(replace(first, lessons=(lesson,)),))
    finish_lesson(session, lan, catalog)
    badge = award(session, lan, catalog, issuer)
    assert badge.title.startswith("Huy hiệu bài Kích hoạt tài khoản rất dài")
    assert check_badge(session, as_json(badge.document), issuer).verdict is Verdict.VALID


# --- pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_picture_contains_the_credential(session, badge, issuer):
    for picture in (badge_png(badge), picture_of_elsewhere(badge.document).encode()):
        assert check_badge(session, picture, issuer).verdict is Verdict.VALID


@pytest.mark.slow
def test_the_png_is_a_card_with_the_picture_and_the_credential(badge):
    image = Image.open(io.BytesIO(badge_png(badge)))
    image.load()
    assert image.size == artwork.CARD_SIZE
    assert json.loads(image.text["openbadgecredential"]) == badge.document
    paper, board, lamp = (image.convert("RGB").getpixel(place) for place in ((5, 5), (400, 450), (400, 190)))
    assert min(paper) > 220
    assert board[1] > board[0]
    assert lamp[0] > 200 > lamp[2]
    assert len(badge_png(badge)) < 40_000


CARD = artwork.CardText("Huy hiệu bài Ba loại mã", "Nguyễn Thị Bưởi", "Trao ngày 28 tháng 11 năm 2026", "hoc.example")


@pytest.mark.slow
@pytest.mark.parametrize("field", ["title", "name", "date", "host"])
def test_every_word_of_the_card_is_drawn(field):
    assert artwork.draw_card_png(CARD) != artwork.draw_card_png(replace(CARD, **{field: "Tên khác"}))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["", "Ỹ" * 60, "Công Tằng Tôn Nữ " * 3, "\u1ec5", "e\u0302\u0303", "Lan 🌸", "\u200b", "   "]
)
def test_no_name_runs_out_of_the_card_or_shows_an_empty_box(name):
    picture = artwork.draw_card_png(replace(CARD, name=name, title="Huy hiệu khóa học rất là dài " * 8))
    image = Image.open(io.BytesIO(picture)).convert("L")
    for column in (*range(40, 60), *range(740, 760)):
        assert min(image.getpixel((column, row)) for row in range(480, 1000)) > 200


@pytest.mark.slow
def test_a_name_in_another_script_is_left_out_of_the_card():
    assert artwork.draw_card_png(replace(CARD, name="សុខ")) == artwork.draw_card_png(replace(CARD, name=""))
    assert artwork.draw_card_png(replace(CARD, name="Lan e\u0302\u0303")) == artwork.draw_card_png(
        replace(CARD, name="Lan ễ")
    )


def test_the_svg_loads_nothing():
    assert "style=" not in draw_badge_svg()
    assert "http" not in draw_badge_svg().replace("http://www.w3.org/2000/svg", "")


@needs_samples
def test_pictures_of_other_issuers_are_read(session, issuer):
    """Theirs are baked by other programs: with CDATA, with a document type."""
    picture = (SAMPLES / "simple-json.svg").read_bytes()
    assert check_badge(session, picture, issuer).verdict is Verdict.NOT_OURS
    assert check_badge(session, (SAMPLES / "simple-jwt.png").read_bytes(), issuer).verdict is Verdict.MALFORMED


@pytest.mark.slow
def test_compressed_text_in_a_png_is_read_and_a_zip_bomb_is_not(session, badge, issuer):
    def baked(text: bytes) -> bytes:
        picture = badge_png(badge)
        data = b"openbadgecredential\0\1\0\0\0" + zlib.compress(text)
        return picture[:33] + baking._png_chunk(b"iTXt", data) + picture[33:]

    assert check_badge(session, baked(as_json(badge.document)), issuer).verdict is Verdict.VALID
    assert check_badge(session, baked(b" " * 50_000_000), issuer).verdict is Verdict.MALFORMED


BOMB = '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"9" * 20_000,
        b"NaN",
        b'{"type": 1, "type": 2}',
        b" " * 2_000_000,
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        (BOMB + "<svg>&b;</svg>").encode(),
        (BOMB + "<svg>&b;</svg>").encode("utf-16"),
        b"<?xml version='1.0' encoding='nonsense'?><svg/>",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXtopenbadgecredential\0",
    ],
)
def test_an_unreadable_upload_is_malformed(session, issuer, text):
    assert check_badge(session, text, issuer).verdict is Verdict.MALFORMED


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300), start=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"<svg>", b"{"]))
def test_any_upload_gives_a_document_or_an_error(start, data):
    with contextlib.suppress(baking.NoCredential):
        baking.extract_credential(start + data)
