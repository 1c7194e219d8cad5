// <practice-drawing data-keep>: the page of forms as a drawing. Whatever is drawn is written into the form's own fields and sent with
// its own buttons; the answer is the same page, of which only the inside of this element is taken. `data-keep`: under which address
// what was not saved is kept in this browser, for the editor as well.
import { fetchWithin } from "../lib/fetch-within.js"
import { KeptDraft } from "./kept-draft.js"
import { PictureCanvas } from "./picture-canvas.js"
import { canPaint } from "./screenshot-cover.js"
import { ScreenshotQueue } from "./screenshot-queue.js"

const LIMIT = 60000 // ms: some megabytes over a hall's network
const PAUSE = 600 // ms after a field was changed, in which a button may be pressed
const LONGEST_PRESS = 2000 // ms
const OWN = ["csrf_token", "parent", "merged", "man"]
const BEGUN = /^(moi-|man-|why$)/ // fields of what is not there yet: they wait for their button
const OFFLINE = "Chưa nối được với máy chủ. Bài của bác vẫn còn ở đây."
const REFUSED = "Máy chủ không nhận: bác mở trang này ở thẻ khác, đăng nhập lại rồi thử lần nữa. Bài vẫn còn ở đây."

class PracticeDrawing extends HTMLElement {
  connectedCallback() {
    this.kept = new KeptDraft(this.dataset.keep)
    this.waiting = Promise.resolve()
    this.past = []
    this.addEventListener("submit", (event) => this.onSubmit(event))
    this.addEventListener("change", (event) => this.onChange(event))
    this.addEventListener("click", (event) => this.onClick(event))
    // What is under a finger is not replaced before it is lifted.
    document.addEventListener("pointerdown", () => { this.pressed = true }, true)
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => setTimeout(() => this.lift(), 0), true)
    }
    this.prepare()
    this.offerKept()
    const shots = document.querySelector("#chup")
    if (shots && canPaint()) this.screenshots = new ScreenshotQueue(shots, this)
  }

  get form() {
    return this.querySelector("form")
  }

  field(name) {
    return this.form.elements[name]
  }

  prepare() {
    this.canvases = Array.from(this.querySelectorAll("[data-canvas]"), (element) => new PictureCanvas(element, this))
    const hint = this.querySelector("[data-draw-hint]")
    if (hint) hint.textContent = "Kéo trên ảnh để vẽ một ô, hay chạm vào giữa chỗ ấy. Rồi ghi chữ ở đó và bấm Enter."
    this.querySelector("[data-undo]").hidden = !this.past.length
  }

  lift() {
    this.pressed = false
    if (this.lifted) this.lifted()
  }

  // At most so long: the finger may have left the window.
  untilLifted() {
    return new Promise((resolve) => {
      this.lifted = resolve
      setTimeout(resolve, LONGEST_PRESS)
    })
  }

  // ---- what the author does

  onSubmit(event) {
    const button = event.submitter
    if (button && button.hasAttribute("formaction")) return
    event.preventDefault()
    this.send(button ? button.value : "ghi")
  }

  onChange(event) {
    if (event.target.form === this.form && !BEGUN.test(event.target.name)) this.sendSoon()
  }

  onClick(event) {
    if (event.target.closest("[data-undo]") && this.past.length) this.show(this.past.pop())
  }

  sendSoon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send("ghi"), PAUSE)
  }

  // The answers come in the order of the questions.
  send(action) {
    clearTimeout(this.timer)
    this.waiting = this.waiting.then(() => {
      const body = new FormData(this.form)
      body.append("do", action)
      return this.post(body, action)
    })
    return this.waiting
  }

  // Another text in place of this one: the fields, which are about this one, stay behind.
  show(text) {
    this.waiting = this.waiting.then(() => {
      const body = new FormData()
      for (const name of OWN) body.append(name, this.field(name).value)
      body.append("text", text)
      return this.post(body, "lay-lai")
    })
    return this.waiting
  }

  // A screen of a screenshot; resolves to whether it was added. What was typed meanwhile is done as well.
  addScreenshot(address, fields, picture, file) {
    clearTimeout(this.timer)
    this.waiting = this.waiting.then(async () => {
      const cards = this.querySelectorAll("[data-card]").length
      const body = new FormData(this.form)
      Object.keys(fields).forEach((name) => body.set(name, fields[name]))
      if (picture) body.set("anh", picture, file.name.replace(/\.[^.]*$/, ".png"))
      await this.post(body, "them-man", address)
      return this.querySelectorAll("[data-card]").length > cards
    })
    return this.waiting
  }

  async post(body, action, address = this.form.getAttribute("action")) {
    const sent = new Map(this.named().map((field) => [field.id, field.value]))
    const request = { method: "POST", headers: { Accept: "text/html" }, body }
    try {
      const answer = await fetchWithin(LIMIT, address, request, async (response) => ({
        html: await response.text(),
        isSaved: response.redirected,
      }))
      if (this.pressed) await this.untilLifted()
      this.take(answer, action, sent)
    } catch (error) {
      this.say(OFFLINE)
    }
  }

  // ---- what the server says

  take({ html, isSaved }, action, sent) {
    const page = new DOMParser().parseFromString(html, "text/html")
    const fresh = page.querySelector("practice-drawing")
    if (!fresh) return this.say(REFUSED)
    const typed = this.named().filter((field) => sent.get(field.id) !== field.value).map((field) => [field.id, field.value])
    const [focus, before, open] = [this.focused(), this.field("text").value, this.field("man").value]
    const [places, cards] = [this.places(), this.querySelectorAll("[data-card]").length]
    this.addStyles(page)
    this.innerHTML = fresh.innerHTML
    const text = this.field("text").value
    if (action !== "lay-lai" && text !== before) this.past.push(before)
    for (const [id, value] of typed) this.putBack(id, value)
    this.prepare()
    if (typed.length) this.sendSoon()
    if (isSaved) this.kept.drop()
    else if (text !== before) this.kept.keep(this.field("parent").value, text)
    this.focusAfter(action, focus, this.field("man").value === open ? places : null, cards)
  }

  putBack(id, value) {
    const field = document.getElementById(id)
    if (field) field.value = value
  }

  // A screen that is drawn needs stylesheets that one with a picture does not.
  addStyles(page) {
    for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
      const address = link.getAttribute("href")
      if (!document.querySelector(`link[rel=stylesheet][href="${CSS.escape(address)}"]`)) document.head.append(link)
    }
  }

  named() {
    return Array.from(this.form.elements).filter((field) => field.id && "value" in field && field.type !== "submit")
  }

  places() {
    return new Set(Array.from(this.querySelectorAll("[data-place]"), (area) => area.dataset.place))
  }

  focused() {
    const active = this.contains(document.activeElement) ? document.activeElement : null
    const area = active && active.closest("[data-place]")
    return area ? `[data-place="${area.dataset.place}"]` : active && active.id ? `#${CSS.escape(active.id)}` : ""
  }

  // Opened: the screen's heading. An area was added: that area, so that the arrow keys move it. A screen: the next one's name.
  focusAfter(action, focus, places, cards) {
    const heading = this.querySelector("#man-nay")
    const added = places && Array.from(this.querySelectorAll("[data-place]")).find((area) => !places.has(area.dataset.place))
    if (heading && action.startsWith("mo-")) {
      heading.tabIndex = -1
      heading.focus()
    } else if (added && action === "ghi") {
      added.focus()
    } else if (action === "ghi" && this.querySelectorAll("[data-card]").length > cards) {
      this.field("man-moi").focus({ preventScroll: true })
    } else if (focus && this.querySelector(focus)) {
      this.querySelector(focus).focus({ preventScroll: true })
    }
  }

  say(sentence) {
    const line = document.createElement("p")
    line.textContent = sentence
    const said = this.querySelector("[data-said]")
    said.textContent = ""
    said.append(line)
  }

  // What was drawn or typed here and not saved, if the browser died or the page was left.
  offerKept() {
    const kept = this.kept.read()
    const offer = this.querySelector("[data-kept]")
    if (!kept || kept.text === this.field("text").value) return
    offer.hidden = false
    offer.querySelector("[data-take]").addEventListener("click", () => {
      this.field("parent").value = kept.number
      this.show(kept.text)
    })
    offer.querySelector("[data-drop]").addEventListener("click", () => {
      offer.hidden = true
      this.kept.drop()
    })
  }

  // ---- what a canvas asks for

  // The fields of an area: those of a new one if `place` is "moi".
  side(name, place) {
    return this.field(place === "moi" ? `moi-${name}` : `${name}-${place}`)
  }

  // An area was drawn, moved or resized; a new one waits for its name.
  changed(place, picture) {
    if (place !== "moi") return this.sendSoon()
    const chosen = this.field("moi-anh")
    if (chosen) chosen.value = picture
    this.field("moi-ten").focus()
  }

  name(place) {
    this.side("ten", place).focus()
  }

  remove(place) {
    this.send(`bo-vung-${place}`)
  }

  // An area was dragged to the card of a screen.
  lead(place, card) {
    this.side("toi", place).value = card
    if (place !== "moi") this.send("ghi")
  }
}

customElements.define("practice-drawing", PracticeDrawing)
