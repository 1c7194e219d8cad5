// <class-desk data-stream="…">: commands without leaving the page, live numbers, the keys of a laptop or a clicker.
// Each command names the step that it was given at, so that sent twice, or by two people, it moves the class once.
import { announce } from "../lib/announce.js"
import { ClassStream } from "../lib/class-stream.js"
import { retry } from "../lib/network.js"
import { keepScreenOn } from "../lib/wake-lock.js"
import { Countdown, minutesAndSeconds } from "./countdown.js"
import "./class-duration.js"
import { fetchPage, followConnection, showConnection, showNumber, untilNotTouched, updateParts } from "./page-parts.js"
import { showScreenCounts } from "./screen-counts.js"

const KEYS = {
  " ": "next", ArrowRight: "next", PageDown: "next",
  ArrowLeft: "back", PageUp: "back",
  b: "pause", B: "pause", ".": "pause",
}
const PAUSES = [1000, 2000, 4000, 8000] // ms between tries of a command
const MAX_TRIES = 9          // a server that fails on a command will do so again
const SHOW_WAITING = 2500    // ms without a response, then the button says so, or people press it again and again
const IGNORE_TAPS = 1500     // ms after somebody else changed the main button: a tap was meant for the old one
const WALL_OPENED = "lop-chieu" // localStorage key

class ClassDesk extends HTMLElement {
  connectedCallback() {
    this.renderKey = this.dataset.renderKey
    this.isSending = false
    this.commands = 0          // sent so far: a page requested before the last one is old
    this.ignoreTapsUntil = 0
    this.isUpdating = false
    this.needsUpdate = false   // something changed that could not be shown at once
    // What led here was said once; without the query no reload says it again, nor is a refused form sent again.
    history.replaceState(null, "", `/dung-lop/${this.dataset.class}${location.hash}`)
    this.addEventListener("submit", (event) => this.onSubmit(event))
    document.addEventListener("keydown", (event) => this.onKey(event))
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.update()
    })
    window.addEventListener("storage", (event) => this.onStorage(event))
    this.break = new Countdown((left) => this.showBreak(left))
    this.lastMinute = new Countdown((left) => left || this.update()) // its end changes the page without a push
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
    followConnection()
    keepScreenOn()
  }

  disconnectedCallback() {
    this.stream.close()
  }

  // ---- input

  onSubmit(event) {
    const form = event.target.closest("[data-command]")
    if (!form) return
    event.preventDefault()
    if (this.isSending || (form.hasAttribute("data-next-form") && Date.now() < this.ignoreTapsUntil)) return
    this.send(form)
  }

  onKey(event) {
    const action = KEYS[event.key]
    if (!action || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    const { target } = event
    if (target.closest("input, select, textarea, [contenteditable]")) return
    if (event.key === " " && target.closest("button, a, summary")) return // presses the focused control
    event.preventDefault()
    this.press(action)
  }

  // A wall in another window of this browser says that it was opened.
  onStorage({ key, newValue }) {
    if (key === WALL_OPENED && newValue && JSON.parse(newValue)[0] === this.dataset.class) this.update()
  }

  press(action) {
    const button = this.querySelector(`[data-action="${action}"] button, [data-action-too="${action}"] button`)
    if (button) button.click() // an action that asks first is a link, and needs a finger
  }

  // ---- commands

  async send(form) {
    this.isSending = true
    this.commands += 1
    form.setAttribute("aria-busy", "true")
    const timer = setTimeout(() => this.showWaiting(true), SHOW_WAITING)
    try {
      this.showPage(await retry(() => fetchPage(form.action, form), {
        pauses: PAUSES,
        tries: MAX_TRIES,
        onFailure: () => {
          showConnection("weak")
          this.showWaiting(true)
        },
      }))
    } catch (error) {
      location.reload()
      return
    }
    clearTimeout(timer)
    this.showWaiting(false)
    form.removeAttribute("aria-busy")
    this.isSending = false
    if (this.needsUpdate) this.update()
  }

  // Above the buttons that stay in sight: the page's header may be scrolled away.
  showWaiting(isWaiting) {
    const line = this.querySelector("[data-waiting]")
    line.textContent = isWaiting ? line.dataset.waiting : ""
  }

  showPage({ ok, page }) {
    const fresh = page.querySelector("class-desk")
    if (!ok || !fresh) {
      location.reload() // closed, or no longer permitted: the server says which
      return
    }
    const isNewStep = this.dataset.step !== fresh.dataset.step
    const showsOther = this.dataset.shown !== fresh.dataset.shown
    this.renderKey = fresh.dataset.renderKey
    this.dataset.shown = fresh.dataset.shown
    this.dataset.step = fresh.dataset.step
    this.dataset.address = fresh.dataset.address ?? ""
    this.dataset.walls = fresh.dataset.walls
    updateParts(page)
    if (showsOther) window.scrollTo(0, 0) // what the room sees now begins there
    // The button says what comes next; a screen reader hears what the room sees by now.
    if (isNewStep) announce(Array.from(this.querySelectorAll(".desk-jump > p, .desk__label, .desk-preview__title"), (line) => line.textContent).join(". "))
  }

  // ---- changes by others: a helper, another desk, the phones

  receive(state) {
    if (state.refused || state.closed) return location.reload()
    showNumber("machines", state.machines)
    showNumber("lost", state.lost)
    this.querySelector("[data-lost]").hidden = !state.lost
    this.break.follow(state.break_until)
    this.lastMinute.follow(state.last_minute_until)
    this.querySelector("[data-steered-by-others]").hidden = !(state.steering > 1)
    showNumber("helps", state.stuck_list.length + state.claims.length)
    this.showHands(state.stuck_list.filter(({ reason, helping }) => reason === "hand" && !helping).length)
    if (state.answers) showNumber("given", state.answers.given)
    const saysAddress = !state.address || state.address === this.dataset.address
    const saysProjectors = state.walls === undefined || `${state.walls}/${state.walls_away}` === this.dataset.walls
    return saysAddress && saysProjectors && renderKeyOf(state) === this.renderKey ? showScreenCounts(state) : this.update()
  }

  // Who raises a hand and has nobody on the way. The line moves what is under it: never under a finger.
  async showHands(count) {
    this.hands = count
    await untilNotTouched()
    if (this.hands) showNumber("hands", this.hands)
    this.querySelector("[data-hands]").hidden = !this.hands
  }

  // The end of a break changes the page without a push.
  showBreak(left) {
    const line = this.querySelector("[data-break-until]")
    if (left && line) line.textContent = `, ${line.dataset.textLeft.replace("{}", minutesAndSeconds(left))}`
    else if (!left) this.update()
  }

  // One request at a time, and none that began before a command: it would show the step that the class has just left.
  async update() {
    if (this.isUpdating || this.isSending) {
      this.needsUpdate = true
      return
    }
    this.isUpdating = true
    this.needsUpdate = false
    const { commands } = this
    const result = await fetchPage(location.href).catch(() => null)
    await untilNotTouched()
    this.isUpdating = false
    if (result && !this.isSending && this.commands === commands) {
      const fresh = result.page.querySelector("class-desk")
      if (fresh && commandOf(fresh) !== commandOf(this)) this.ignoreTapsUntil = Date.now() + IGNORE_TAPS
      this.showPage(result)
    } else this.needsUpdate = true
    if (this.needsUpdate && !this.isSending) setTimeout(() => this.update(), result ? 0 : PAUSES[1])
  }
}

// What the main button does. Within a step it changes as well: with the phases of a question, the steps of a demonstration.
function commandOf(desk) {
  return Array.from(desk.querySelectorAll("[data-next-form] input:not([name=csrf_token])"), ({ name, value }) => `${name}=${value}`).join()
}

// Changes when the page must be rendered again. lms/web/classroom/desk/pages.py computes the same.
function renderKeyOf({ v, claims, stuck, crowd }) {
  return `${v}/${claims.map(({ seat }) => seat).join("-")}/${stuck || ""}/${crowd}`
}

customElements.define("class-desk", ClassDesk)
