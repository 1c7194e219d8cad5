// Draws a state of the practice. Below: what happens on a screen by itself.
import { band, crib, fillFields } from "./fields.js"

const OFFER_AFTER = 25000    // ms without a tap, then help is offered
const ANNOUNCED_FOR = 9000   // ms; left in place, a text would be read again
const all = (root, selector) => Array.from(root.querySelectorAll(selector))

export class PhoneView {
  constructor(root) {
    this.root = root
    this.screen = null
    this.templates = {}
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
    if (isNew) {
      this.showScreen(state.screen)
      fillFields(this.phone, facts, state)
      this.showDrawer(state)
    }
    this.showFeedback(view.keys, isNew)
    this.markControls(view)
    this.showHelp(view)
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
    this.root.querySelector("[data-aids]").hidden = this.phone.matches(".phone--wrong, .phone--end")
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
      note.hidden = !isShown
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
      control.setAttribute("aria-describedby", isWrong ? control.id + "--sai" : "")
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

  focusInstruction() {
    window.scrollTo(0, 0)
    this.root.querySelector(".coach__sentence").focus({ preventScroll: true })
  }

  // Feedback stands above the phone, which on a small screen is out of sight.
  scrollToFeedback() {
    if (!this.feedback) return
    crib.classList.remove("aids-crib--shown") // until the learner types on
    const { top, bottom } = this.feedback.getBoundingClientRect()
    if (top < band.offsetHeight || bottom > innerHeight) window.scrollBy(0, top - band.offsetHeight)
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

// What comes by itself: messages, the end of a wait, the offer of help.
export class ScreenTimers {
  constructor({ onMessage, onWaited, onIdle }) {
    this.callbacks = { onMessage, onWaited, onIdle }
    this.timers = []
    this.idleTimer = 0
    this.arrived = {}
  }

  // The timers of the last screen are over, and its messages have arrived.
  start(screen, phone) {
    this.timers.forEach(clearTimeout)
    this.timers = []
    all(phone, "[data-message]").forEach((message) => this.expect(screen, message))
    const wait = phone.querySelector("[data-wait]")
    if (wait) this.after(wait.dataset.seconds, () => this.callbacks.onWaited(Number(wait.dataset.wait)))
    this.restartIdle()
  }

  expect(screen, message) {
    const key = screen + " " + message.dataset.message
    if (this.arrived[key]) return
    message.classList.add("sms--pending")
    this.after(message.dataset.seconds, () => {
      message.classList.remove("sms--pending")
      this.arrived[key] = true
      this.callbacks.onMessage(message)
    })
  }

  after(seconds, callback) {
    this.timers.push(setTimeout(callback, Number(seconds) * 1000))
  }

  restartIdle() {
    clearTimeout(this.idleTimer)
    this.idleTimer = setTimeout(this.callbacks.onIdle, OFFER_AFTER)
  }
}
