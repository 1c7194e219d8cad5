"""Emblems of seats: a picture with a name for each number, as in "Số 17 – con gà".

In a noisy hall people hear "con gà" better than "mười bảy". The drawings, static/pictures/seats/<slug>.svg, follow the
Đông Hồ prints. Names must be easy to say and never a joke on anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.message_catalog import mark_for_translation


@dataclass(frozen=True, slots=True)
class Emblem:
    slug: str  # of the file
    name: str  # text, marked for translation


# People remember their emblem, so the order is fixed: only append.
EMBLEMS = tuple(
    Emblem(slug, name)
    for slug, name in (
        ("mat-troi", mark_for_translation("mặt trời")),
        ("hoa-sen", mark_for_translation("hoa sen")),
        ("trai-chuoi", mark_for_translation("trái chuối")),
        ("con-rua", mark_for_translation("con rùa")),
        ("cai-trong", mark_for_translation("cái trống")),
        ("con-buom", mark_for_translation("con bướm")),
        ("xe-dap", mark_for_translation("xe đạp")),
        ("trai-ot", mark_for_translation("trái ớt")),
        ("con-vit", mark_for_translation("con vịt")),
        ("chia-khoa", mark_for_translation("chìa khóa")),
        ("ngoi-sao", mark_for_translation("ngôi sao")),
        ("con-tom", mark_for_translation("con tôm")),
        ("cay-dua", mark_for_translation("cây dừa")),
        ("cai-keo", mark_for_translation("cái kéo")),
        ("con-voi", mark_for_translation("con voi")),
        ("dua-hau", mark_for_translation("dưa hấu")),
        ("con-ga", mark_for_translation("con gà")),
        ("binh-tra", mark_for_translation("bình trà")),
        ("con-ong", mark_for_translation("con ong")),
        ("chiec-thuyen", mark_for_translation("chiếc thuyền")),
        ("hoa-mai", mark_for_translation("hoa mai")),
        ("con-cua", mark_for_translation("con cua")),
        ("cai-quat", mark_for_translation("cái quạt")),
        ("mat-trang", mark_for_translation("mặt trăng")),
        ("con-tho", mark_for_translation("con thỏ")),
        ("trai-bap", mark_for_translation("trái bắp")),
        ("cai-chuong", mark_for_translation("cái chuông")),
        ("con-ca", mark_for_translation("con cá")),
        ("cai-non", mark_for_translation("cái nón")),
        ("con-meo", mark_for_translation("con mèo")),
        ("con-trau", mark_for_translation("con trâu")),
        ("ngoi-nha", mark_for_translation("ngôi nhà")),
        ("con-chim", mark_for_translation("con chim")),
        ("cay-tre", mark_for_translation("cây tre")),
        ("con-dieu", mark_for_translation("con diều")),
        ("con-oc", mark_for_translation("con ốc")),
        ("long-den", mark_for_translation("lồng đèn")),
        ("con-ngua", mark_for_translation("con ngựa")),
        ("chen-com", mark_for_translation("chén cơm")),
        ("cuon-sach", mark_for_translation("cuốn sách")),
    )
)


def emblem_of(number: int) -> Emblem:
    """The emblem of a seat number, which counts from 1. After the last emblem they repeat."""
    return EMBLEMS[(number - 1) % len(EMBLEMS)]
