"""A phone without a script in class: what is being filled in stays. And, with one, an order with a slip in it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.classes import anew, asks_lan, code_of, command, joins, open_question, opens_class, part
from tests.browser.conftest import PHONE

ORDERED = "bat-dau/tin-nhan-va-otp"
# In a frame: by how much its page is wider or taller than the room for it.
TOO_LARGE = """() => {
  const root = document.documentElement
  return [root.scrollWidth - root.clientWidth, root.scrollHeight - root.clientHeight].filter((more) => more > 0)
}"""


def sends(phone: Page) -> None:
    with phone.expect_navigation():
        open_question(phone).locator("button[type=submit]").click()


def place_of(phone: Page) -> dict[str, float]:
    """Where the form that is open stands on its page."""
    return open_question(phone).locator("form").bounding_box()


def test_without_a_script_nothing_takes_an_open_question_away_and_what_was_sent_is_read(take, desk, watcher):
    watcher.expected.add(422)
    _, question, code = asks_lan(take, desk)
    plain = take(PHONE, script=False)
    joins(plain, code)
    expect(open_question(plain)).to_be_visible()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    sends(plain)
    expect(part(plain, question).get_by_role("alert")).to_be_focused()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    chosen = part(plain, question).locator("label").nth(1)
    words = chosen.locator(".row__text").inner_text()
    chosen.click()
    sends(plain)
    expect(part(plain, question).locator("[data-kept]")).to_be_visible()
    expect(part(plain, question).locator(".asked__given")).to_have_text(f"B. {words}")
    expect(part(plain, question).locator("[data-fields]")).to_be_hidden()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(1)
    plain = anew(plain, f"/lop/{code}?doi")
    expect(part(plain, question).locator("label input").nth(1)).to_be_checked()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)


def test_without_a_script_whoever_sends_too_late_comes_to_where_the_class_is(take, desk, watcher):
    watcher.expected.add(409)
    _, question, code = asks_lan(take, desk)
    plain = take(PHONE, script=False)
    joins(plain, code)
    part(plain, question).locator("label").nth(1).click()
    command(desk, step=question, phase="locked")
    sends(plain)
    expect(plain.locator(".asked--locked:visible")).to_contain_text("Hết giờ trả lời")


def test_an_order_with_one_item_in_two_places_is_named_and_not_sent_until_it_is_put_right(take, desk):
    opens_class(desk, ORDERED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    order = lan.locator("[data-asked=ordering]")
    question = order.first.get_attribute("data-part")
    command(desk, to=question)
    command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    lists = part(lan, question).locator("select")
    items = lists.first.locator("option").all_inner_texts()[1:]
    sent: list[str] = []
    lan.on("request", lambda request: sent.append(request.url) if "tra-loi" in request.url else None)
    for place, item in enumerate([*items[:-1], items[0]]):
        lists.nth(place).select_option(label=item)
    trouble = part(lan, question).get_by_role("alert")
    expect(trouble).to_contain_text(f'Mục "{items[0]}" đang đứng ở hơn một ô.')
    expect(part(lan, question).locator("[data-kept]")).to_be_hidden()
    assert sent == []
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        lists.last.select_option(label=items[-1])
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    expect(trouble).to_be_hidden()
    lists.last.select_option(label=items[0])
    expect(trouble).to_be_visible()
    expect(part(lan, question).locator("[data-kept]")).to_be_hidden()
    lists.last.select_option(label=items[-1])
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    expect(trouble).to_be_hidden()
    lists.last.select_option(label=items[0])
    expect(trouble).to_be_visible()
    command(desk, step=question, phase="locked")
    expect(lan.locator(".asked--locked:visible")).to_be_visible()
    expect(trouble).to_be_hidden()  # she can set nothing right any more
    command(desk, step=question, round="2")
    expect(part(lan, question).locator(".asked__again")).to_be_visible()
    expect(trouble).to_be_hidden()


def test_without_a_script_a_frame_says_that_the_class_went_on_and_what_was_ticked_stays(take, desk):
    _, question, code = asks_lan(take, desk)
    plain = take(PHONE, script=False)
    joins(plain, code)
    frame = plain.frame_locator("iframe")
    expect(frame.locator("p")).to_have_text("Lớp vẫn đang ở câu này.")
    ticked = part(plain, question).locator("label").nth(1)
    ticked.click()
    form, visits = place_of(plain), plain.evaluate("history.length")
    command(desk, paused="1")
    expect(frame.get_by_role("status")).to_have_text("Mời bác nghỉ tay, nhìn lên màn chiếu.")
    command(desk, paused="0")
    expect(frame.locator("p")).to_have_text("Lớp vẫn đang ở câu này.")
    command(desk, step=question, phase="locked")
    expect(frame.get_by_role("status")).to_have_text("Câu này đã khóa. Mời bác nhìn lên màn chiếu.")
    expect(ticked.locator("input")).to_be_checked()
    assert place_of(plain) == form, "the form moved"
    assert plain.evaluate("history.length") == visits, "Back leads to a frame that was"
    with plain.expect_navigation(url=f"**/lop/{code}?truoc=*"):
        frame.get_by_role("link", name="Xem bước mới").click()
    expect(plain.locator(".asked--locked:visible")).to_contain_text("Hết giờ trả lời")


def test_what_the_frame_says_fits_at_any_size_of_the_text_and_scripts_never_ask_for_it(take, desk):
    lan, question, code = asks_lan(take, desk)
    assert lan.locator("iframe").count() == 0
    plain = take(PHONE, script=False)
    joins(plain, code)
    command(desk, step=question, phase="locked")
    expect(plain.frame_locator("iframe").get_by_role("status")).to_contain_text("Câu này đã khóa.")
    plain.route("**/dang-o?*", lambda _route: None)  # it is looked at for longer than it stays
    for width, size in ((360, 100), (320, 100), (320, 150), (320, 200), (740, 100), (740, 200)):
        plain.set_viewport_size({"width": width, "height": 740})
        for shown in plain.frames:
            shown.evaluate("(size) => { document.documentElement.style.fontSize = `${size}%` }", size)
        assert plain.frames[1].evaluate(TOO_LARGE) == [], (width, size)
