// <practice-drawing data-keep data-texts>: the page of forms as a drawing. Whatever is drawn is written into the form's own fields and sent with
// its own buttons; the answer is the same page, of which only the inside of this element is taken. `data-keep`: under which address
// what was not saved is kept in this browser, for the editor as well.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { UnsavedDraft } from "./unsaved-draft.js"
import { PictureCanvas } from "./picture-canvas.js"
import { canPaint } from "./screenshot-redactor.js"
import { ScreenshotQueue } from "./screenshot-queue.js"

const TIMEOUT = 60000 // ms: some megabytes over a hall's network
const PAUSE = 600 // ms after a field was changed, in which a button may be pressed
const LONGEST_PRESS = 2000 // ms
const FORM_FIELDS = ["csrf_token", "parent", "merged", "man"]
const OF_NEW_ITEM = /^(moi-|man-|why$)/ // fields of what is not there yet: they wait for their button
const OF_PRACTICE = /^(man-|vi-sao$|bat-dau$|dich$)/ // ids of fields that are about no single screen
const OF_ITEM = /^((?:ten|toi|mui|bao|trai|tren|rong|cao|o-ten|o-dung|o-sai|tin-tu|tin-chu)-)(\d+)$/
const OF_HINT = /^(goi-y-)(\d+)$/
const SCREEN_CHOICES = /^(toi-|moi-toi$|man-sau$|bat-dau$|dich$)/ // their values are numbers of screens

const saveFields = (body) => Object.fromEntries(Array.from(body).filter(([name, value]) => name !== "csrf_token" && typeof value === "string"))

class PracticeDrawing extends HTMLElement {
  connectedCallback() {
    this.texts = JSON.parse(this.dataset.texts)
    this.unsaved = new UnsavedDraft(this.dataset.keep)
    this.lastRequest = Promise.resolve()
    this.undoTexts = []
    this.addEventListener("submit", (event) => this.onSubmit(event))
    this.addEventListener("change", (event) => this.onChange(event))
    this.addEventListener("click", (event) => this.onClick(event))
    // What is under a finger is not replaced before it is lifted.
    document.addEventListener("pointerdown", () => { this.pressed = true }, true)
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => setTimeout(() => this.onLifted(), 0), true)
    }
    // Nor a word that an input method has begun.
    this.addEventListener("compositionstart", () => { this.composing = true })
    this.addEventListener("compositionend", () => setTimeout(() => this.onComposed(), 0))
    this.prepare()
    this.offerUnsaved()
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
    if (hint) hint.textContent = this.texts.hint
    this.querySelector("[data-undo]").hidden = !this.undoTexts.length
  }

  onLifted() {
    this.pressed = false
    if (this.resolveLifted) this.resolveLifted()
  }

  // At most so long: the finger may have left the window.
  untilLifted() {
    return new Promise((resolve) => {
      this.resolveLifted = resolve
      setTimeout(resolve, LONGEST_PRESS)
    })
  }

  onComposed() {
    this.composing = false
    if (this.resolveComposed) this.resolveComposed()
  }

  untilComposed() {
    return new Promise((resolve) => { this.resolveComposed = resolve })
  }

  // ---- what the author does

  onSubmit(event) {
    const button = event.submitter
    if (button && button.hasAttribute("formaction")) return
    event.preventDefault()
    const action = button ? button.value : "ghi"
    if (action !== "luu") this.send(action)
    else if (!this.isChanged()) this.save()
    else this.send("ghi").then((isDone) => isDone && this.save()) // an answer that saved tells of no moves
  }

  // Whether a field says something else than the text does; why it was changed is not in the text.
  isChanged() {
    const isTyped = (field) => field.defaultValue !== field.value
    const isChosen = ({ options, selectedIndex }) => {
      const first = Array.from(options).findIndex((option) => option.defaultSelected)
      return options.length > 0 && selectedIndex !== Math.max(first, 0)
    }
    return this.fieldsWithId().some((field) => field.name !== "why" && (field.options ? isChosen(field) : isTyped(field)))
  }

  onChange(event) {
    if (event.target.form === this.form && !OF_NEW_ITEM.test(event.target.name)) this.sendSoon()
  }

  onClick(event) {
    if (event.target.closest("[data-undo]") && this.undoTexts.length) this.replaceText(this.undoTexts.pop())
  }

  sendSoon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send("ghi", true), PAUSE)
  }

  // The answers come in the order of the questions. What is not there yet is left out of what no button asked for.
  send(action, isAutomatic = false) {
    clearTimeout(this.timer)
    this.lastRequest = this.lastRequest.then(() => {
      const body = new FormData(this.form)
      if (isAutomatic) Array.from(body.keys()).filter((name) => OF_NEW_ITEM.test(name)).forEach((name) => body.delete(name))
      body.append("do", action)
      return this.post(body, action)
    })
    return this.lastRequest
  }

  // What was drawn since goes on from a save that may be stored, and does not meet it as if it were another author's.
  save() {
    clearTimeout(this.timer)
    this.lastRequest = this.lastRequest.then(async () => {
      if (this.unsaved.unconfirmedSave && !(await this.saveAgain())) return false
      const body = new FormData(this.form)
      body.append("do", "luu")
      return this.post(body, "luu")
    })
    return this.lastRequest
  }

  // Of the page that comes only the numbers are taken: what is drawn here is newer.
  async saveAgain() {
    const body = new FormData()
    body.append("csrf_token", this.field("csrf_token").value)
    Object.entries(this.unsaved.unconfirmedSave).forEach(([name, value]) => body.append(name, value))
    const answer = await this.ask(body, "luu")
    if (!answer) return false
    const page = new DOMParser().parseFromString(answer.html, "text/html")
    const form = page.querySelector("practice-drawing form")
    if (!form) return this.showMessage(this.texts.refused)
    const { parent, merged, text } = form.elements
    if (merged.value || text.value === body.get("text")) this.field("parent").value = merged.value || parent.value
    this.field("merged").value = ""
    return true
  }

  // Another text in place of this one: the fields, which are about this one, stay behind.
  replaceText(text) {
    this.lastRequest = this.lastRequest.then(() => {
      const body = new FormData()
      for (const name of FORM_FIELDS) body.append(name, this.field(name).value)
      body.append("text", text)
      return this.post(body, "lay-lai")
    })
    return this.lastRequest
  }

  // A screen of a screenshot; resolves to whether it was added. What was typed meanwhile is done as well.
  addScreenshot(address, fields, picture, file) {
    clearTimeout(this.timer)
    this.lastRequest = this.lastRequest.then(async () => {
      const cards = this.querySelectorAll("[data-card]").length
      const body = new FormData(this.form)
      Object.keys(fields).forEach((name) => body.set(name, fields[name]))
      if (picture) body.set("anh", picture, file.name.replace(/\.[^.]*$/, ".png"))
      await this.post(body, "them-man", address)
      return this.querySelectorAll("[data-card]").length > cards
    })
    return this.lastRequest
  }

  async post(body, action, address = this.form.getAttribute("action")) {
    const sent = new Map(this.fieldsWithId().filter((field) => body.has(field.name)).map((field) => [field.id, field.value]))
    const answer = await this.ask(body, action, address)
    if (!answer) return false
    if (this.pressed) await this.untilLifted()
    if (this.composing) await this.untilComposed()
    this.replacePage(answer, action, sent, body.get("man"))
    return answer.isDone
  }

  // The server's answer, or null.
  async ask(body, action, address = this.form.getAttribute("action")) {
    const request = { method: "POST", headers: { Accept: "text/html" }, body }
    if (action === "luu") this.unsaved.unconfirmedSave = saveFields(body)
    try {
      const answer = await fetchWithTimeout(TIMEOUT, address, request, async (response) => ({
        html: await response.text(),
        isDone: response.ok,
        isSaved: response.redirected,
        isFailure: response.status >= 500,
      }))
      if (action === "luu" && !answer.isFailure) this.unsaved.unconfirmedSave = null
      return answer
    } catch (error) {
      this.showMessage(this.texts.offline)
      return null
    }
  }

  // ---- what the server says

  // `posted` is the screen that was sent; another one may be open by now.
  replacePage({ html, isSaved }, action, sent, posted) {
    const page = new DOMParser().parseFromString(html, "text/html")
    const fresh = page.querySelector("practice-drawing")
    if (!fresh) return this.showMessage(this.texts.refused)
    const typed = this.fieldsWithId().filter((field) => sent.get(field.id) !== field.value).map((field) => [field.id, field.value])
    const [focus, before, open] = [this.currentFocus(), this.field("text").value, this.field("man").value]
    const [places, cards] = [this.areaPlaces(), this.querySelectorAll("[data-card]").length]
    const begun = this.canvases.findIndex((canvas) => canvas.hasNewArea)
    const unfolded = Array.from(this.querySelectorAll("details[open]"), (details) => details.id)
    const old = this.fieldsWithId().map((field) => [field.id, field.value])
    this.addStyles(page)
    this.innerHTML = fresh.innerHTML
    const text = this.field("text").value
    if (action !== "lay-lai" && text !== before) this.undoTexts.push(before)
    const moved = this.readMoves(action, open === posted)
    const isSame = moved.screen(open) === this.field("man").value
    for (const [id, value] of typed) {
      if (OF_PRACTICE.test(id) || (isSame && (action !== "lay-lai" || OF_NEW_ITEM.test(id)))) this.restoreTyped(id, value, moved)
    }
    for (const id of unfolded) {
      if (id && document.getElementById(id)) document.getElementById(id).open = true
    }
    // Nothing is there to draw on: a screenshot is what comes first, as on a page that opens without screens.
    if (cards && !this.querySelector("[data-card]")) document.querySelector("#chup").open = true
    this.prepare()
    const isBegun = !sent.has("moi-ten") || this.querySelector("[data-begun]")
    if (isSame && isBegun && this.canvases[begun]) this.canvases[begun].newArea()
    const changed = typed.filter(([id]) => sent.has(id))
    const late = isSame || action === "lay-lai" ? [] : changed.filter(([id]) => !OF_PRACTICE.test(id))
    if (late.length) this.sendLate(late, old, sent, moved, open)
    else if (changed.some(([id]) => !OF_NEW_ITEM.test(id))) this.sendSoon()
    if (isSaved) this.unsaved.drop()
    else if (text !== before) this.unsaved.store(this.field("parent").value, text)
    this.focusAfter(action, isSame ? focus : null, isSame ? places : null, cards, moved)
  }

  // Where the answer says that screens, and what stands on the one that was open, are now: strings to strings, "" if gone.
  readMoves(action, isOpenOne) {
    const { screens, items, hints } = this.form.dataset.moves ? JSON.parse(this.form.dataset.moves) : {}
    const at = (numbers, number) => (!numbers ? number : number in numbers ? String(numbers[number]) : "")
    const within = (id, shape, numbers) => {
      const found = shape.exec(id)
      if (!found || !isOpenOne) return id
      const number = at(numbers, found[2])
      return number && `${found[1]}${number}`
    }
    return {
      screen: (number) => (number === "" ? "" : at(screens, number)),
      id: (id) => (action === "lay-lai" ? id : within(within(id, OF_ITEM, items), OF_HINT, hints)),
    }
  }

  // What was typed on its way stays with what it is about, which may stand elsewhere now, or be gone.
  restoreTyped(id, value, moved) {
    const field = document.getElementById(moved.id(id))
    if (field) field.value = SCREEN_CHOICES.test(id) ? moved.screen(value) : value
  }

  // What was typed on a screen before another one came up belongs to that screen still.
  sendLate(late, old, sent, moved, open) {
    const number = moved.screen(open)
    if (!number) return
    const items = late.map(([id]) => (OF_ITEM.exec(id) || [])[2])
    const isMeant = (id) => late.some(([typed]) => typed === id) || (OF_ITEM.test(id) && items.includes(OF_ITEM.exec(id)[2]))
    const isAdded = Boolean(sent.get("moi-ten"))
    const shown = this.field("man").value
    const fields = old.filter(([id]) => isMeant(id) && moved.id(id) && !(isAdded && id.startsWith("moi-")))
    this.lastRequest = this.lastRequest.then(() => {
      const body = new FormData()
      for (const name of [...FORM_FIELDS, "text"]) body.append(name, this.field(name).value)
      body.set("man", number)
      for (const [id, value] of fields) body.append(moved.id(id), SCREEN_CHOICES.test(id) ? moved.screen(value) : value)
      body.append("do", `mo-${shown}`)
      return this.post(body, "tre")
    })
  }

  // A screen that is drawn needs stylesheets that one with a picture does not.
  addStyles(page) {
    for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
      const address = link.getAttribute("href")
      if (!document.querySelector(`link[rel=stylesheet][href="${CSS.escape(address)}"]`)) document.head.append(link)
    }
  }

  fieldsWithId() {
    return Array.from(this.form.elements).filter((field) => field.id && "value" in field && field.type !== "submit")
  }

  areaPlaces() {
    return new Set(Array.from(this.querySelectorAll("[data-place]"), (area) => area.dataset.place))
  }

  currentFocus() {
    const active = this.contains(document.activeElement) ? document.activeElement : null
    const area = active && active.closest("[data-place]")
    if (area) return { area: area.dataset.place }
    if (!active || !active.id) return null
    return { id: active.id, from: active.selectionStart, to: active.selectionEnd }
  }

  // The control that had the focus, wherever it stands now, with its cursor where it was.
  restoreFocus({ id, area, from, to }, moved) {
    const place = area && (area === "moi" ? area : moved.id(`ten-${area}`).replace(/^ten-/, ""))
    const control = area ? place && this.querySelector(`[data-place="${place}"]`) : document.getElementById(moved.id(id))
    if (!control || !this.contains(control)) return
    control.focus({ preventScroll: true })
    if (typeof from === "number" && control.type === "text") control.setSelectionRange(from, to)
  }

  // Opened: the screen's heading. An area was added: that area, so that the arrow keys move it. A screen: the next one's name.
  focusAfter(action, focus, places, cards, moved) {
    const heading = this.querySelector("#man-nay")
    const added = places && Array.from(this.querySelectorAll("[data-place]")).find((area) => !places.has(area.dataset.place))
    if (heading && action.startsWith("mo-")) {
      heading.tabIndex = -1
      heading.focus()
    } else if (added && action === "ghi") {
      added.focus()
    } else if (action === "ghi" && this.querySelectorAll("[data-card]").length > cards) {
      this.field("man-moi").focus({ preventScroll: true })
    } else if (focus) {
      this.restoreFocus(focus, moved)
    }
  }

  showMessage(sentence) {
    const line = document.createElement("p")
    line.textContent = sentence
    const said = this.querySelector("[data-said]")
    said.textContent = ""
    said.append(line)
    line.scrollIntoView({ block: "nearest" }) // on a phone it stands below what was touched
  }

  // What was drawn or typed here and not saved, if the browser died or the page was left.
  offerUnsaved() {
    const kept = this.unsaved.read()
    const offer = this.querySelector("[data-kept]")
    if (!kept || kept.text === this.field("text").value) return
    offer.hidden = false
    offer.querySelector("[data-take]").addEventListener("click", () => {
      this.field("parent").value = kept.number
      this.unsaved.unconfirmedSave = kept.unconfirmedSave
      this.replaceText(kept.text)
    })
    offer.querySelector("[data-drop]").addEventListener("click", () => {
      offer.hidden = true
      this.unsaved.drop()
    })
  }

  // ---- what a canvas asks for

  // The fields of an area: those of a new one if `place` is "moi".
  sideField(name, place) {
    return this.field(place === "moi" ? `moi-${name}` : `${name}-${place}`)
  }

  // An area was drawn, moved or resized; a new one waits for its name.
  onAreaChanged(place, picture) {
    if (place !== "moi") return this.sendSoon()
    const chosen = this.field("moi-anh")
    if (chosen) chosen.value = picture
    this.field("moi-ten").focus()
  }

  focusName(place) {
    this.sideField("ten", place).focus()
  }

  removeArea(place) {
    this.send(`bo-vung-${place}`)
  }

  // An area was dragged to the card of a screen.
  connect(place, card) {
    this.sideField("toi", place).value = card
    if (place !== "moi") this.send("ghi")
  }
}

customElements.define("practice-drawing", PracticeDrawing)
