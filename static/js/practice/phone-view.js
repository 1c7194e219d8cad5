// Draws a state of the practice, and reads its fields. Below: room for an open keyboard.
import { FIELD_ACTIONS, encodeValue, isCode } from "./engine.js"

const ANNOUNCED_FOR = 9000   // ms; left in place, a text would be read again
const HAND = 36              // px of the pointing hand that are in sight below its control
const TOP_SHARE = 2 / 3      // of the window that task and note may cover together
const NOWHERE = ["miss", "idle", "stay"].map((key) => `[data-feedback^="${key}"]:not([hidden])`).join()
const viewport = window.visualViewport
const page = document.documentElement
const banner = document.querySelector(".simulation-banner")
const facts = document.querySelector(".practice-help-facts")
const all = (root, selector) => Array.from(root.querySelectorAll(selector))
const boxOf = (element) => element.getBoundingClientRect()

export class PhoneView {
  constructor(root) {
    this.root = root
    this.screen = null
    this.pointed = -1
    this.typed = {} // text as typed, by screen and place: here for when its screen comes back, and nowhere else
    this.templates = {}
    below.onclick = () => {
      banner.classList.add("simulation-banner--short")
      this.keepInSight()
    }
    all(root, "[data-template]").forEach((template) => {
      this.templates[template.dataset.template] = template.content
      // Now: there may be no network when their screen comes.
      all(template.content, "img").forEach((image) => { new Image().src = image.src })
    })
    const drawer = root.querySelector("[data-template-drawer]")
    this.messages = drawer ? drawer.content.firstElementChild : null
  }

  get phone() {
    return this.root.querySelector(".phone")
  }

  // True when the screen changed.
  draw(facts, state, view) {
    const isNew = state.screen !== this.screen
    const isFirst = this.screen === null
    if (isNew) {
      this.showScreen(state.screen)
      this.fillFields(facts, state)
      this.showDrawer(state)
    }
    if (view.wrong >= 0) this.root.dispatchEvent(new CustomEvent("wrong-value", { detail: view.wrong }))
    this.showFeedback(view.keys, isNew)
    this.hint = /^hint/.test(view.keys[0]) && this.root.querySelector(`[data-feedback="${view.keys[0]}"]`)
    this.markControls(view)
    this.showHelp(view)
    if (isNew || view.pointed !== this.pointed) this.keepInSight(isNew, isFirst)
    this.pointed = view.pointed
    return isNew
  }

  showScreen(screen) {
    const copy = document.importNode(this.templates[screen], true)
    this.replace(copy, "[data-instruction]")
    this.replace(copy, ".phone")
    const number = this.root.querySelector("[data-instruction]").dataset.number
    all(document, "[data-place]").forEach((text) => {
      text.textContent = text.textContent.replace(/\d+$/, number)
    })
    if (this.screen !== null) banner.classList.add("simulation-banner--short")
    this.root.querySelector("[data-practice-help]").hidden = this.phone.matches(".phone--wrong, .phone--end")
    all(document, "[data-pause]").forEach((link) => { link.hidden = this.phone.matches(".phone--end") })
    this.screen = screen
  }

  replace(copy, selector) {
    this.root.querySelector(selector).replaceWith(copy.querySelector(selector))
  }

  showFeedback(keys, isNewScreen) {
    const texts = []
    let politeness = "polite"
    all(this.root, "[data-feedback]").forEach((note) => {
      const { feedback } = note.dataset
      const isShown = keys.includes(feedback)
      if (isShown && (note.hidden || feedback === keys[0])) {
        texts.push(note.textContent.trim())
        if (note.classList.contains("tone-trap")) politeness = "assertive"
      }
      // What only repeats the task does not come in with other feedback.
      note.hidden = !isShown || (!isNewScreen && note.hidden && "repeats" in note.dataset && feedback !== keys[0])
    })
    // The first sentence of a new screen gets the focus and is read by it.
    if (texts.length || isNewScreen) this.announce(texts.join(" "), politeness)
  }

  get feedback() {
    return this.root.querySelector("[data-feedback]:not([hidden])")
  }

  // A code is read in groups of digits.
  announce(text, politeness) {
    all(this.root, "[data-live]").forEach((region) => {
      region.textContent = region.dataset.live === politeness ? text.replace(/\d{2,4}(?=(\d{3})+\b)/g, "$& ") : ""
    })
    clearTimeout(this.timer)
    if (text) this.timer = setTimeout(() => this.announce(""), ANNOUNCED_FOR)
  }

  markControls({ pointed, wrong }) {
    all(this.phone, "[data-widget]").forEach((control) => {
      const place = Number(control.dataset.widget)
      const frame = control.closest(".app__control, .app-wait") || control
      frame.classList.toggle("pointed", place === pointed)
      if (!control.matches("input, select")) return
      const isWrong = place === wrong
      control.classList.toggle("app__input--wrong", isWrong)
      control.setAttribute("aria-invalid", String(isWrong))
      control.setAttribute("aria-describedby", isWrong ? this.feedback.id : "")
    })
  }

  showHelp({ help, isOffered }) {
    const hadFocus = this.root.querySelector("[data-help]:focus")
    all(this.root, "[data-help]").forEach((button) => {
      button.hidden = button.dataset.help !== help
      button.classList.toggle("button--offered", isOffered)
      if (hadFocus && !button.hidden) button.focus({ preventScroll: true })
    })
  }

  offerHelp() {
    all(this.root, "[data-help]").forEach((button) => button.classList.add("button--offered"))
  }

  showDrawer(state) {
    const slot = this.phone.querySelector("[data-drawer]")
    if (!slot || !this.messages) return
    const drawer = document.importNode(this.messages, true)
    drawer.hidden = true
    all(drawer, "[data-from]").forEach((message) => {
      const { from } = message.dataset
      message.hidden = from === state.screen || !state.screens[from].visited
      if (!message.hidden) drawer.hidden = false
    })
    slot.appendChild(drawer)
  }

  // ---- fields

  get fields() {
    return all(this.phone, "input[data-widget], select[data-widget]")
  }

  fillFields({ model, data }, state) {
    this.fields.forEach((field) => {
      const place = Number(field.dataset.widget)
      const encoded = state.fields[state.screen][place]
      if (field.type === "checkbox") field.checked = encoded === "bật"
      else if (field.tagName === "SELECT") field.value = encoded
      else {
        const text = this.typed[state.screen + " " + place]
        const isCurrent = text && encodeValue(model, data, state.screen, place, text) === encoded
        field.value = isCurrent ? text : isCode(encoded) ? "" : encoded
        // After a reload the text is gone, but the field is still filled in.
        field.placeholder = encoded === "~ok" && !isCurrent ? "••••••••" : ""
      }
    })
  }

  // The fields that differ from the state, as [place, action, encoded value]: no typed text leaves the phone.
  changedFields({ model, data }, state) {
    if (this.phone.dataset.screen !== state.screen) return []
    return this.fields.map((field) => {
      const place = Number(field.dataset.widget)
      const before = state.fields[state.screen][place]
      const encoded = this.encodedValue(field, model, data, state.screen, place, before)
      const { role } = model.screens[state.screen].widgets[place]
      return encoded === before ? null : [place, FIELD_ACTIONS[role], encoded]
    }).filter(Boolean)
  }

  encodedValue(field, model, data, screen, place, before) {
    if (field.type === "checkbox") return field.checked ? "bật" : "tắt"
    if (field.tagName === "SELECT") return field.value || before
    // A reload empties fields whose text did not leave the phone. Until the learner touches one, it keeps the value
    // that the state has.
    if (field.value === "" && (before === "" || isCode(before)) && !field.dataset.touched) return before
    const text = "grouped" in field.dataset ? field.value.replace(/ /g, "") : field.value
    this.typed[screen + " " + place] = text
    return encodeValue(model, data, screen, place, text)
  }

  // The eye beside a password.
  toggleMask(button) {
    button.parentNode.querySelector("input").classList.toggle("app__input--masked")
    const word = button.querySelector("[data-eye-word]")
    ;[word.textContent, word.dataset.other] = [word.dataset.other, word.textContent]
  }

  // ---- where the learner looks

  // The first note stays under the banner, and what is pointed at comes in sight under it. The page is scrolled as little
  // as cuts none of its parts; the task stays above the note where there is room for all three. A first screen opens at
  // its task, and so does one whose note is too tall to stay: who has read nothing yet would not know what is pointed
  // at, and the lamp leads there.
  keepInSight(isNew, isFirst) {
    if (isNew) window.scrollTo(0, 0)
    all(this.root, ".coach__kept").forEach((kept) => kept.classList.remove("coach__kept"))
    sight.disconnect()
    const task = this.root.querySelector(".coach__sentence")
    const note = this.root.querySelector("[data-feedback]:not([hidden]):not(.coach__hung), [data-repeats]")
    const pointed = this.phone.querySelector(".pointed")
    below.hidden = true
    if (!note || !pointed) return
    const frame = pointed.closest(".scroll") || pointed // the edge of a list says where its row is
    const missing = () => boxOf(frame).bottom + HAND - visibleBottom()
    note.hidden = isNew && "repeats" in note.dataset
    if (missing() > 0) note.hidden = false
    note.classList.add("coach__kept")
    note.classList.toggle("coach__kept", note.offsetHeight < innerHeight / 2)
    stackKept()
    sight.observe(frame)
    const far = missing()
    const tops = () => all(this.root, ".coach__sentence, [data-practice-help], .phone").map(
      (part, index) => boxOf(part).top - (index ? coveredTop() : banner.offsetHeight + 8))
    const [top] = tops()
    const staysAtTask = isFirst || (isNew && !note.matches(".coach__kept"))
    if (staysAtTask && far > top) note.hidden = "repeats" in note.dataset
    else {
      if (far > top && !("repeats" in note.dataset)) {
        task.classList.add("coach__kept")
        stackKept()
        const isRoom = coveredTop() < innerHeight * TOP_SHARE && coveredTop() + 9 + frame.offsetHeight + HAND <= visibleBottom()
        task.classList.toggle("coach__kept", isRoom)
        stackKept()
      }
      const by = far > 0 ? tops().find((each) => each >= far) || far : 0
      window.scrollBy(0, Math.min(boxOf(frame).top - coveredTop() - 9, by))
    }
    page.style.scrollPaddingTop = `${coveredTop() + 9}px`
  }

  focusInstruction() {
    this.root.querySelector(".coach__sentence").focus({ preventScroll: true })
  }

  // Feedback stands above the phone, which on a small screen is out of sight.
  scrollToFeedback() {
    if (!this.feedback) return
    page.classList.remove("has-facts") // until the learner types on
    if (this.hint) return this.scrollBelowCover(this.hint)
    if (this.hangNote()) return
    this.keepInSight()
    const { top, bottom } = boxOf(this.feedback)
    if (top < banner.offsetHeight || bottom > visibleBottom()) window.scrollBy(0, top - banner.offsetHeight)
  }

  // What is said of a tap that led nowhere hangs over the lower edge, so that nothing moves under the finger; but over no control.
  hangNote() {
    const note = this.root.querySelector(NOWHERE)
    if (!note) return false
    note.classList.add("coach__hung")
    const { top, height } = boxOf(note)
    const isFixed = getComputedStyle(note).position === "fixed"
    const isCovered = (control) => boxOf(control).bottom > top && boxOf(control).top < visibleBottom()
    const isFree = isFixed && below.hidden && height < innerHeight / 3 && !all(this.phone, "[data-widget], summary").some(isCovered)
    note.classList.toggle("coach__hung", isFree)
    return isFree
  }

  // A hint is read where it was asked for: the page does not leave it for what is pointed at. Where both have no room the
  // first note, which was read, stays no longer.
  scrollBelowCover(hint) {
    banner.classList.add("simulation-banner--short")
    const end = visibleBottom() - lampHeight() // it pushes down what is pointed at
    const kept = all(this.root, ".coach__kept").filter((part) => part !== hint)
    if (coveredTop() + hint.offsetHeight > end) kept.forEach((part) => part.classList.remove("coach__kept"))
    stackKept() // under the banner, which may be lower now
    const above = hint.matches(".coach__kept") ? coveredTop() - hint.offsetHeight : coveredTop()
    const { top, bottom } = boxOf(hint)
    if (top < above || bottom > end) window.scrollBy(0, top - above - 9)
  }

  // A message that arrives under what covers the page from above; but nothing moves while somebody types.
  scrollToMessage(message) {
    const top = boxOf(message).top
    if (top < coveredTop() && !document.activeElement.matches("input, select")) window.scrollBy(0, top - coveredTop())
  }

  // "offline", "lost" (the attempt takes no more events) or "".
  showNetwork(status) {
    const note = this.root.querySelector("[data-network]")
    note.hidden = !status
    all(note, "[data-network-text]").forEach((text) => {
      const isNew = text.hidden && text.dataset.networkText === status
      text.hidden = text.dataset.networkText !== status
      if (isNew) this.announce(text.textContent, "polite")
    })
  }
}

// At the lower edge, shown while most of what is pointed at is further down.
const below = document.querySelector("[data-below]")
const sight = new IntersectionObserver((looks) => {
  const { intersectionRatio, boundingClientRect } = looks.pop()
  below.hidden = intersectionRatio > 0.8 || boundingClientRect.top < 0
  if (!below.hidden && boxOf(below).top < banner.offsetHeight) below.hidden = true
}, { rootMargin: `0px 0px -${stripHeight()}px`, threshold: Array.from({ length: 41 }, (_, index) => index / 50) })

// Also while the lamp is hidden.
function lampHeight() {
  const { hidden } = below
  below.hidden = false
  const height = below.offsetHeight
  below.hidden = hidden
  return height
}

// Of the class's strip at the lower edge.
function stripHeight() {
  const strip = document.querySelector(".class-bar__strip")
  return strip && getComputedStyle(strip).position === "fixed" ? strip.offsetHeight : 0
}

function visibleBottom() {
  const end = innerHeight - stripHeight()
  return viewport && viewport.scale === 1 ? Math.min(viewport.offsetTop + viewport.height, end) : end
}

// How much of the page is covered from above.
function coveredTop() {
  const kept = all(document, "html:not(.has-facts) .coach__kept:not([hidden])")
  return kept.reduce((height, part) => height + part.offsetHeight, banner.offsetHeight)
}

// Under the banner: the task, and under that the note.
function stackKept() {
  let top = banner.offsetHeight
  all(document, ".coach__kept").forEach((part) => {
    part.style.top = `${top}px`
    top += part.offsetHeight
  })
}

// "Chữ to hơn" and a turned phone make the banner taller or lower.
new ResizeObserver(stackKept).observe(banner)

// While a keyboard is open, the text to copy stands above it, and under that the field.
let tallest = innerHeight

function makeRoomForKeyboard({ type }) {
  const field = document.activeElement
  const { offsetTop, height } = viewport
  const isWhole = viewport.scale === 1 // a zoomed page is no keyboard
  tallest = Math.max(tallest, height)
  const isOpen = isWhole && height < tallest * 0.8
  if (isOpen) document.querySelector(".coach__sentence").classList.remove("coach__kept") // it was read
  page.classList.toggle("has-facts", isOpen && field.matches("[data-copied]"))
  if (!isWhole || !field.matches("input.app__input")) return
  const top = Math.max(offsetTop, coveredTop())
  const head = boxOf(field.closest(".app__field")).top - 9
  const under = boxOf(field).bottom + 9 - visibleBottom()
  const room = Math.max(height / 4, Math.min(height / 2.5, head - top - under))
  facts.style.maxHeight = `${room}px`
  const lift = type === "resize" ? head - offsetTop - height / 4 : 0
  if (type !== "scroll") scrollBy(0, Math.max(under, Math.min(head - top - facts.offsetHeight, lift)))
  facts.style.top = `${Math.min(top, boxOf(field).top - 9 - facts.offsetHeight)}px`
}

if (viewport) {
  viewport.onresize = viewport.onscroll = makeRoomForKeyboard
  for (const name of ["click", "input"]) addEventListener(name, makeRoomForKeyboard)
}
