// Draws a state on the page and says what is said back; below, what happens on a screen by itself. It decides nothing.
import { band, crib, fillFields } from "./fields.js"

const OFFER_AFTER = 25000
const all = (root, selector) => Array.from(root.querySelectorAll(selector))

export class Stage {
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

  // True when another screen came.
  draw(facts, state, looks) {
    const came = state.screen !== this.screen
    if (came) {
      this.enter(state.screen)
      fillFields(this.phone, facts, state)
      this.drawer(state)
    }
    this.notes(looks.keys, came)
    this.marks(looks)
    this.help(looks)
    return came
  }

  enter(screen) {
    const copy = document.importNode(this.templates[screen], true)
    this.swap(copy, "[data-lead]")
    this.swap(copy, ".phone")
    const number = this.root.querySelector("[data-lead]").dataset.number
    all(this.root, "[data-place]").forEach((words) => {
      words.textContent = words.textContent.replace(/\d+$/, number)
    })
    // The coach speaks alone: nothing to help with.
    this.root.querySelector("[data-aids]").hidden = this.phone.matches(".phone--wrong, .phone--end")
    this.screen = screen
  }

  swap(copy, selector) {
    this.root.querySelector(selector).replaceWith(copy.querySelector(selector))
  }

  notes(keys, came) {
    const said = []
    let tone = "polite"
    all(this.root, "[data-said]").forEach((note) => {
      const isShown = keys.indexOf(note.dataset.said) >= 0
      if (isShown && (note.hidden || note.dataset.said === keys[0])) {
        said.push(note.textContent.trim())
        if (note.classList.contains("trap")) tone = "assertive"
      }
      note.hidden = !isShown
    })
    // A new screen's first sentence is read by its focus.
    if (said.length || came) this.say(said.join(" "), tone)
  }

  // What is said back now, null when nothing is.
  get note() {
    return this.root.querySelector("[data-said]:not([hidden])")
  }

  // A code in its groups; gone once heard, or it would be met again.
  say(words, tone) {
    all(this.root, "[data-live]").forEach((region) => {
      region.textContent = region.dataset.live === tone ? words.replace(/\d{2,4}(?=(\d{3})+\b)/g, "$& ") : ""
    })
    clearTimeout(this.quiet)
    if (words) this.quiet = setTimeout(() => this.say(""), 9000)
  }

  marks(looks) {
    all(this.phone, "[data-widget]").forEach((control) => {
      const place = Number(control.dataset.widget)
      const frame = control.closest(".app__hold, .wait") || control
      frame.classList.toggle("pointed", place === looks.pointed)
      if (!control.matches("input, select")) return
      const isWrong = place === looks.wrong
      control.classList.toggle("app__input--wrong", isWrong)
      control.setAttribute("aria-invalid", String(isWrong))
      control.setAttribute("aria-describedby", isWrong ? control.id + "--sai" : "")
    })
  }

  help(looks) {
    const hadFocus = this.root.querySelector("[data-help]:focus")
    all(this.root, "[data-help]").forEach((button) => {
      button.hidden = button.dataset.help !== looks.rung
      button.classList.toggle("button--offered", looks.offered)
      // Its word became the next rung's: under the finger it is still the same button.
      if (hadFocus && !button.hidden) button.focus({ preventScroll: true })
    })
  }

  offer() {
    all(this.root, "[data-help]").forEach((button) => button.classList.add("button--offered"))
  }

  drawer(state) {
    const slot = this.phone.querySelector("[data-drawer]")
    if (!slot || !this.messages) return
    const drawer = document.importNode(this.messages, true)
    drawer.hidden = true
    all(drawer, "[data-from]").forEach((message) => {
      const from = message.dataset.from
      message.hidden = from === state.screen || !state.screens[from].visited
      if (!message.hidden) drawer.hidden = false
    })
    slot.appendChild(drawer)
  }

  // A new screen begins at its top, for whoever listens or has scrolled.
  lead() {
    window.scrollTo(0, 0)
    this.root.querySelector(".coach__say").focus({ preventScroll: true })
  }

  // It stands above the phone, on a small one out of sight; its field below it.
  bringIntoView() {
    if (!this.note) return
    crib.classList.remove("crib--shown")   // until she types on
    const { top, bottom } = this.note.getBoundingClientRect()
    if (top < band.offsetHeight || bottom > innerHeight) window.scrollBy(0, top - band.offsetHeight)
  }

  tell(what) {
    const net = this.root.querySelector("[data-net]")
    net.hidden = !what
    all(net, "[data-net-say]").forEach((words) => {
      const isNew = words.hidden && words.dataset.netSay === what
      words.hidden = words.dataset.netSay !== what
      if (isNew) this.say(words.textContent, "polite")
    })
  }
}

// Messages arrive, loading ends, help is offered to whoever stands still.
export class Timing {
  constructor({ arrive, wait, offer }) {
    this.deeds = { arrive, wait, offer }
    this.timers = []
    this.standing = 0
    this.arrived = {}
  }

  // What the screen before it had begun is over, and its messages have arrived.
  enter(screen, phone) {
    this.timers.forEach(clearTimeout)
    this.timers = []
    all(phone, "[data-message]").forEach((sms) => this.expect(screen, sms))
    const wait = phone.querySelector("[data-wait]")
    if (wait) this.after(wait.dataset.seconds, () => this.deeds.wait(Number(wait.dataset.wait)))
    this.stir()
  }

  expect(screen, sms) {
    const key = screen + " " + sms.dataset.message
    if (this.arrived[key]) return
    sms.classList.add("sms--coming")
    this.after(sms.dataset.seconds, () => {
      sms.classList.remove("sms--coming")
      this.arrived[key] = true
      this.deeds.arrive(sms)
    })
  }

  after(seconds, deed) {
    this.timers.push(setTimeout(deed, Number(seconds) * 1000))
  }

  // Somebody did something: the wait for an offer begins again.
  stir() {
    clearTimeout(this.standing)
    this.standing = setTimeout(this.deeds.offer, OFFER_AFTER)
  }
}
