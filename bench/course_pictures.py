"""Draw the picture that a messenger shows beside a shared address: one for each course, one for the site.

``python -m bench.course_pictures`` writes ``courses/<course>/images/xem-truoc.png`` and
``static/pictures/preview.png``. They are committed, because a server has neither a browser nor fonts. Nothing in them
is anybody's logo.
"""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, sync_playwright

import lms.web
from lms.assets import STATIC_DIR
from lms.content.library import read_library
from lms.content.links import COURSE_PICTURE
from lms.vietnam_time import today

ROOT = Path(__file__).parents[1]
TEMPLATES = Environment(loader=FileSystemLoader(Path(*lms.web.__path__, "templates")), autoescape=True)
WIDTH, HEIGHT = 1200, 630
SITE = ("Học dùng điện thoại", "Không mất tiền, không cần tài khoản, bấm nhầm không sao.", "phone")
PAGE = """<!DOCTYPE html><html lang="vi"><style>
body {{ margin: 0; width: 1200px; height: 630px; background: #0e4a38; color: #fbf8ee; font-family: system-ui, Roboto,
  "Noto Sans", "Segoe UI", Arial, sans-serif; overflow: hidden; position: relative }}
.name {{ position: absolute; left: 64px; top: 48px; display: flex; align-items: center; font-size: 38px;
  font-weight: 700 }}
.name svg {{ width: 54px; height: 72px; margin-right: 18px; fill: none; stroke: #fbf8ee; stroke-width: 2.5;
  stroke-linecap: round; stroke-linejoin: round }}
main {{ position: absolute; left: 64px; top: 168px; width: 700px }}
h1 {{ margin: 0; font-size: {size}px; line-height: 1.25 }}
p {{ margin: 20px 0 0; font-size: 36px; line-height: 1.4 }}
.chalk {{ margin-top: 14px; width: 320px; fill: none; stroke: #f5b82e; stroke-width: 5; stroke-linecap: round }}
.foot {{ position: absolute; left: 64px; bottom: 44px; font-size: 34px; font-weight: 700; color: #f5b82e }}
.phone {{ position: absolute; right: 84px; top: 70px; width: 270px; height: 520px; background: #fffaf0;
  border: 16px solid #1b1b18; border-radius: 48px;
  box-sizing: border-box; display: flex; align-items: center; justify-content: center }}
.phone svg {{ width: 150px; height: 150px; fill: none; stroke: #0b5a32; stroke-width: 1.6; stroke-linecap: round;
  stroke-linejoin: round }}
</style><svg width="0" height="0" style="position: absolute">{sprite}</svg>
<div class="name"><svg><use href="#lamp"/></svg>Bình dân học vụ số</div>
<main><h1>{title}</h1>
<svg class="chalk" viewBox="0 0 180 12"><path d="M3 7c40-4 80-5 118-4 20 .4 38 1 56 3"/></svg><p>{text}</p></main>
<div class="foot">Hiểu ngay – làm được – dùng liền</div>
<div class="phone"><svg><use href="#{icon}"/></svg></div></html>"""


def draw(page: Page, path: Path, title: str, text: str, icon: str) -> None:
    sprite = (STATIC_DIR / "icons/sprite.svg").read_text("utf-8")
    size = 84 if len(title) <= 16 else 68
    page.set_content(PAGE.format(title=escape(title), text=escape(text), icon=icon, size=size, sprite=sprite))
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path)


def main() -> None:
    course_icon = TEMPLATES.get_template("macros/course_icon.html").make_module().__dict__["course_icon"]
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        draw(page, STATIC_DIR / "pictures/preview.png", *SITE)
        for course in read_library(ROOT / "courses", today=today()).library:
            picture = Path(course.folder, "images", COURSE_PICTURE)
            draw(page, picture, course.name, course.summary, course_icon(course.slug).strip())
        browser.close()


if __name__ == "__main__":
    main()
