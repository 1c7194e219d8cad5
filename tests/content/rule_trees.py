"""Folders for the examples of the rule guide that are no text of one file: names, bytes, and other files' texts."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PIL import Image

from lms.content.translation.original_digest import original_digest

FRONT = {
    "course.md": "---\ntên: Khóa\ntóm tắt: Ngắn.\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - Tờ\n---\n\nChữ.\n",
    "hieu.md": "---\ntên: Bài\nphút: 5\n---\n\nChữ.\n",
    "dung.md": "---\ntên: Bài\n---\n\n- [ ] Mở máy\n",
}
PRACTICE = (
    "---\ntên: Tập\n---\n\n## Một\n> Việc: Bác đi tiếp.\n\n- [nút] Tiếp tục => Xong\n- [nút] Xem -> Một\n\n"
    "## Xong {loại=kết}\n"
)
LINE = re.compile(r"(?P<path>.+?)(?: \((?P<note>.+)\))?$")
SCAM = """## {title} {{loại="{kind}"}}
> Việc: Bác làm gì?

- [nút] {right} => {after}
- [nút] {wrong} x> Lạc {title}
  - báo: Đây là bài tập. {told}

## Lạc {title} {{loại=lạc}}
> Lạc: {told}

- [quay lại] Về -> {title}

"""


def write_tree(folder: Path, listing: str) -> None:
    """Write what an example lists, and around it what makes the course complete."""
    notes: dict[str, str] = {}
    for line in listing.split("\n"):
        match = LINE.match(line)
        assert match, line
        notes[match["path"]] = match["note"] or ""
    courses = {path.split("/")[0] for path in notes}
    lessons = {"/".join(path.split("/")[:2]) for path in notes if path.count("/") > 1}
    for course in courses:
        if not any(path.startswith(f"{course}/") and path.count("/") > 1 for path in notes) and not any(notes.values()):
            lessons.add(f"{course}/01-mot")
    for course in courses:
        _write(folder / course / "course.md", FRONT["course.md"])
    for lesson in lessons:
        for name in ("hieu.md", "lam.md", "dung.md"):
            _write(folder / lesson / name, FRONT.get(name, PRACTICE))
    for path, note in notes.items():
        _apply(folder, path, note)


def _apply(folder: Path, path: str, note: str) -> None:
    target = folder / path
    inside = note.removeprefix("có ").removeprefix("chạm thử: ")
    if note.startswith("không có "):
        (target / note.removeprefix("không có ")).unlink()
    elif path.endswith("/"):
        target.unlink()
        target.mkdir()
    elif note == "bản nháp":
        _write(target, FRONT["hieu.md"].replace("phút: 5", "phút: 5\nnháp: có"))
    elif note == "tệp trống":
        _write(target, "")
        _show_picture(target)
    elif note.endswith(" KB"):
        size = 1000 * int(note.split()[0])
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!--{}--></svg>'
        _write(target, svg.format("a" * size))
        _show_picture(target)
    elif target.suffix == ".png":
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 40)).save(target)
    elif note == "lưu theo mã UTF-16":
        target.write_bytes(FRONT["hieu.md"].encode("utf-16"))
    elif note == "600 nghìn byte":
        _write(target, FRONT["hieu.md"] + "Chữ.\n\n" * 100_000)
    elif note == "không ai được đọc":
        os.chmod(target, 0)
    elif note.startswith("lối tắt"):
        _write(folder.parent / "ngoai.md", FRONT["hieu.md"])
        target.unlink()
        target.symlink_to(folder.parent / "ngoai.md")
    elif note.startswith("chuyển từ:"):
        _write(target, FRONT["hieu.md"].replace("phút: 5", f"phút: 5\n{note}"))
    elif note.startswith("chạm thử:"):
        _write(target, FRONT["hieu.md"] + f"\n::: chạm thử\nBác chạm thử.\n{inside}\n:::\n")
    elif note.startswith("có "):
        _write(target, FRONT["hieu.md"] + f"\n{inside}\n")
        if "nut-nguon.png" in note and not (target.parent / "images").exists():
            (target.parent / "images").mkdir()
    elif note.startswith("bản dịch"):
        written = original_digest(FRONT["dung.md"]) if note.startswith("bản dịch:") else "00000000"
        tasks = note.partition(": ")[2].replace(" | ", "\n")
        _write(target, f"---\ntên: Lesson\nbản gốc: {written}\n---\n\n{tasks}\n")
    elif note.startswith("hỏi: "):
        options = "- [ ] Gọi con hỏi mật khẩu\n  > Không cần.\n- [x] Bấm quên mật khẩu\n"
        if "SIM" in note:
            options = "- [ ] Ra chợ mua\n  > Không cần.\n- [x] Ra hỏi nhà mạng\n"
        _write(target, FRONT["hieu.md"] + f"\n::: hỏi\n{note.removeprefix('hỏi: ')}\n{options}:::\n")
    elif note.startswith("phần "):
        scam = "## Có người gọi xin mã\n\nHọ xưng công an, xin mã. Kẻ gian đấy.\n\n"
        others = "## Mở máy\n\nChữ.\n\n## Xem thẻ\n\nChữ.\n\n"
        front = FRONT["hieu.md"].removesuffix("Chữ.\n")
        _write(target, front + (others + scam if note.startswith("phần cuối") else scam + others))
    elif note.startswith(("bốn cuộc gọi", "ba cái lừa")):
        _write(target, _scams(honest=note.startswith("ba")))
    elif not target.exists():
        _write(target, FRONT.get(target.name, PRACTICE))


def _show_picture(picture: Path) -> None:
    with (picture.parent.parent / "hieu.md").open("a", encoding="utf-8") as file:
        file.write(f"\n![Nút nguồn](images/{picture.name})\n")


def _scams(*, honest: bool) -> str:
    text = "---\ntên: Tập\n---\n\n"
    for number, title in enumerate(("A", "B", "C", "D")):
        after = ("B", "C", "D", "Xong")[number]
        is_honest = honest and number == 3
        text += SCAM.format(
            title=title,
            kind="tin nhắn" if number % 2 else "cuộc gọi",
            right="Ghi lịch khám" if is_honest else "Gọi số sau thẻ",
            wrong="Xóa tin lạ" if is_honest else "Không đọc hết, đọc nửa mã",
            told="Lỡ lịch khám." if is_honest else "Mã là của bác.",
            after=after,
        )
    return text + "## Xong {loại=kết}\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
