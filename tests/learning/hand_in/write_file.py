"""Write the file of a release, which every later one must import: ``python -m tests.learning.hand_in.write_file``.

It writes ``files/<version>.lop`` for the present version of the format. A file that exists is of an earlier release
and is never written again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.learning.badges.data_integrity import encode_public_key
from lms.learning.badges.keys import KeyRing
from lms.learning.hand_in.signed_file import VERSION, pack_hand_in
from lms.learning.learning_codes import code_digest

FILES = Path(__file__).parent / "files"
CODE = "7K2 M9P 4XC 031"  # of the learner in the file
CLASS_ID, BADGE_ID = "1c" * 16, "2b" * 12
CONTENT = {
    "release": "0.1.0",
    "courses_digest": "d6" * 32,
    "serial": 3,
    "exported_at": "2026-11-25T12:00:00Z",
    "classes": [
        {
            "id": CLASS_ID,
            "ward": "27316",
            "venue": "nhà văn hóa khu phố 3",
            "opened_at": "2026-11-25T08:30:00Z",
            "closed_at": "2026-11-25T10:05:00Z",
            "head_count": 19,
            "lessons": [
                {
                    "number": 1,
                    "course": "vneid",
                    "lesson": "kich-hoat",
                    "content_digest": "d1" * 32,
                    "started_at": "2026-11-25T08:30:00Z",
                    "left_at": None,
                    "counts": {
                        "shape": 1,
                        "lesson": "Kích hoạt tài khoản",
                        "attendance": {"machines": 15, "phone_people": 16, "added_seats": 1, "added_people": 2},
                        "practice": {"alone": 4, "helped": 5, "unfinished": 3, "not_begun": 1, "followed": 2},
                        "mistakes": [{"screen": "nhap-ma", "title": "Nhập mã", "times": 6, "machines": 4}],
                        "question_counts": [
                            {
                                "question": "q1",
                                "prompt": "Bác làm gì?",
                                "kind": "choice",
                                "rounds": [{"answered": 12, "right": 9, "hands": 2, "hands_right": 1}],
                            }
                        ],
                        "attested_seats": 3,
                        "attested_people": 3,
                        "advice": "cứ dạy như lần này, không có chỗ nào nhiều người vấp.",
                        "questions": 4,
                        "asked": 1,
                        "participation": None,
                    },
                }
            ],
        }
    ],
    "learners": [
        {
            "id": "4d" * 16,
            "code_digest": code_digest(CODE),
            "marks": [
                {
                    "course": "vneid",
                    "lesson": "kich-hoat",
                    "stage": stage,
                    "evidence": evidence,
                    "content_digest": "d1" * 32,
                    "earned_at": "2026-11-25T09:40:00Z",
                }
                for stage, evidence in {
                    "hieu": {"right": 3, "total": 3, "responses": 4},
                    "lam": {"mode": "tu-lam", "score": 100, "screens": 2, "right": 2, "helped": 0, "events": 5},
                    "dung": {"tasks": 2, "said_by": "facilitator", "witnessed": 2},
                }.items()
            ],
            "badges": [{"id": BADGE_ID, "course": "vneid", "lesson": "kich-hoat", "name": "Bà Lan"}],
        }
    ],
}


def key_ring() -> KeyRing:
    """A key that is good for nothing else."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"laptop of the pinned file").digest())
    return KeyRing(key, {encode_public_key(key.public_key()): key.public_key()})


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    with (FILES / f"{VERSION}.lop").open("xb") as file:
        file.write(pack_hand_in(CONTENT, key_ring()))
