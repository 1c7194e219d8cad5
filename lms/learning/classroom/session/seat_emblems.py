"""Emblems of seats: a picture with a name for each number, as in "Số 17 – con gà".

In a noisy hall people hear "con gà" better than "mười bảy". The drawings, static/pictures/seats/<slug>.svg, follow the
Đông Hồ prints. Names must be easy to say and never a joke on anybody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Emblem:
    slug: str  # of the file
    name: str  # text


# People remember their emblem, so the order is fixed: only append.
EMBLEMS = tuple(
    Emblem(slug, name)
    for slug, name in (
        ("mat-troi", "mặt trời"),
        ("hoa-sen", "hoa sen"),
        ("trai-chuoi", "trái chuối"),
        ("con-rua", "con rùa"),
        ("cai-trong", "cái trống"),
        ("con-buom", "con bướm"),
        ("xe-dap", "xe đạp"),
        ("trai-ot", "trái ớt"),
        ("con-vit", "con vịt"),
        ("chia-khoa", "chìa khóa"),
        ("ngoi-sao", "ngôi sao"),
        ("con-tom", "con tôm"),
        ("cay-dua", "cây dừa"),
        ("cai-keo", "cái kéo"),
        ("con-voi", "con voi"),
        ("dua-hau", "dưa hấu"),
        ("con-ga", "con gà"),
        ("binh-tra", "bình trà"),
        ("con-ong", "con ong"),
        ("chiec-thuyen", "chiếc thuyền"),
        ("hoa-mai", "hoa mai"),
        ("con-cua", "con cua"),
        ("cai-quat", "cái quạt"),
        ("mat-trang", "mặt trăng"),
        ("con-tho", "con thỏ"),
        ("trai-bap", "trái bắp"),
        ("cai-chuong", "cái chuông"),
        ("con-ca", "con cá"),
        ("cai-non", "cái nón"),
        ("con-meo", "con mèo"),
        ("con-trau", "con trâu"),
        ("ngoi-nha", "ngôi nhà"),
        ("con-chim", "con chim"),
        ("cay-tre", "cây tre"),
        ("con-dieu", "con diều"),
        ("con-oc", "con ốc"),
        ("long-den", "lồng đèn"),
        ("con-ngua", "con ngựa"),
        ("chen-com", "chén cơm"),
        ("cuon-sach", "cuốn sách"),
    )
)


def emblem_of(number: int) -> Emblem:
    """The emblem of a seat number, which counts from 1. After the last emblem they repeat."""
    return EMBLEMS[(number - 1) % len(EMBLEMS)]
