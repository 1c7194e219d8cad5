"""Word-pictures of seats: "Số 17 – con gà" is heard across a noisy hall where "mười bảy" is not.

In the manner of Đông Hồ prints, sayable, never a joke on anybody. The drawings are static/pictures/seats/<slug>.svg.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    slug: str  # of the file
    name: str  # text


# The order is part of what people remember of their class: only add at the end.
PICTURES = tuple(
    Picture(slug, name)
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


def picture_of(number: int) -> Picture:
    """The picture of a seat; seat numbers count from 1, and after the last picture they begin anew."""
    return PICTURES[(number - 1) % len(PICTURES)]
