// <class-seat data-stream="…">: a learner's phone in class. Shows the part of the page that the class is at, and goes to
// the practice and to the summary with everybody. While the network is down the page stays as it is.
import { announce, focusText } from "../lib/announce.js"
import { ClassStream } from "../lib/class-stream.js"
import { postForm } from "../lib/network.js"
import { keepScreenOn } from "../lib/wake-lock.js"
import { Countdown, showLastMinute, timeOfDay } from "./countdown.js"
import "./class-question.js"
import "./wall-mirror.js"
import "./raise-hand.js"
import "./report-lost.js"

const SPREAD = 2500     // ms over which the phones of a hall go to the practice
const END_SPREAD = 6000 // ms over which they load their summaries when the class is closed
const FOLLOW_SPREAD = 400 // ms over which they go to the page of another lesson
const WAITING = "cho", END = "ket", REMOVED = "ra", PRACTICE = "tap" // parts of the page

class ClassSeat extends HTMLElement {
  connectedCallback() {
    this.parts = Array.from(this.querySelectorAll("[data-part]"))
    this.current = this.dataset.currentPart
    this.phaseKey = phaseKeyOf(this.part(this.current))
    this.endTimer = 0
    this.break = new Countdown((left) => this.showBreak(left))
    this.lastMinute = new Countdown((left) => this.showLastMinute(left))
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
    this.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-start-practice]")) return
      event.preventDefault()
      this.startPractice()
    })
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted && this.current === PRACTICE) this.showPracticeStatus(this.dataset.textContinue, true)
    })
    // The stream notices a dead connection late; the phone itself often at once.
    window.addEventListener("offline", () => { document.documentElement.dataset.connection = "weak" })
    keepScreenOn()
  }

  disconnectedCallback() {
    this.stream.close()
  }

  find(name) {
    return this.querySelector(`[data-${name}]`)
  }

  part(name) {
    return this.parts.find(({ dataset }) => dataset.part === name)
  }

  receive(state) {
    if (state.swept) return this.leave(0) // removed as idle: the next page takes the seat again
    if (state.refused) return this.leave(state.seat) // another phone has the seat: the next page says so
    if (state.lesson && String(state.lesson) !== this.dataset.lesson) return this.followLesson()
    this.show(state)
    clearTimeout(this.endTimer) // it may be reopened meanwhile
    // The end has a link to the summary: who taps it does not wait until the summary opens by itself.
    if (state.closed) this.endTimer = setTimeout(() => location.assign(`${this.dataset.url}/ket`), END_SPREAD * Math.random())
  }

  // The class goes on with another lesson: its questions and tasks are on another page.
  followLesson() {
    clearTimeout(this.endTimer)
    if (!this.followTimer) this.followTimer = setTimeout(() => location.replace(this.dataset.url), FOLLOW_SPREAD * Math.random())
  }

  leave(seat) {
    const url = this.dataset.url + (seat ? `?truoc=${seat}` : "")
    setTimeout(() => location.assign(url), 500 + 2500 * Math.random())
  }

  show(state) {
    const name = this.partFor(state)
    const part = this.part(name)
    this.showPractice(state)
    const isOut = state.closed || name === REMOVED
    this.break.follow(isOut ? null : state.break_until)
    this.lastMinute.follow(isOut ? null : state.last_minute_until)
    this.find("paused").hidden = isOut || !state.paused
    this.find("dock").hidden = isOut
    this.querySelector("raise-hand").show(state)
    this.showPace(state, name)
    this.showAttested(state.seen)
    if (part.show) part.show(state)
    this.showProjected(state, name)
    const isNewPhase = phaseKeyOf(part) !== this.phaseKey
    this.phaseKey = phaseKeyOf(part)
    if (name !== this.current) this.showPart(name)
    else if (isNewPhase) {
      scrollBack(part)
      announce(instructionOf(part))
    }
  }

  showPace(state, name) {
    const pace = this.querySelector("report-lost")
    pace.show(state)
    if (name !== WAITING) pace.hidden = true
  }

  showBreak(left) {
    const line = this.find("break")
    if (left) this.find("break-end").textContent = timeOfDay(this.break.until)
    if (line.hidden === !left) return
    line.hidden = !left
    announce(left ? line.innerText : this.dataset.textBreakOver)
  }

  showLastMinute(left) {
    const line = this.find("last-minute")
    if (showLastMinute(line, left) && left) announce(line.innerText)
  }

  partFor({ out: isRemoved, closed: isClosed, step }) {
    if (isClosed) return END
    if (isRemoved) return REMOVED
    return this.part(step) ? step : WAITING
  }

  showAttested(isAttested) {
    const line = this.find("attested")
    if (!line || line.hidden !== isAttested) return
    line.hidden = !isAttested
    if (isAttested) announce(line.innerText)
  }

  showPart(name) {
    const before = this.part(this.current), part = this.part(name)
    const hadFocus = this.parts.some((each) => each.contains(document.activeElement))
    if (before && before.showError) before.showError("")
    this.current = name
    this.parts.forEach((each) => { each.hidden = each !== part })
    this.classList.toggle("seat--waiting", name === WAITING)
    this.classList.toggle("seat--busy", name !== WAITING)
    window.scrollTo(0, 0)
    const title = part.querySelector(".question__prompt, :not([hidden]) > h2") || part
    if (hadFocus) focusText(title) // the focused field is gone
    announce(hadFocus ? instructionOf(part) : `${title.innerText} ${instructionOf(part)}`)
    if (name !== PRACTICE || this.hasFinished) return
    this.showPracticeStatus(this.dataset.textOpening, false)
    setTimeout(() => this.startPractice(), 300 + SPREAD * Math.random())
  }

  showProjected(state, name) {
    const page = this.querySelector("wall-mirror")
    if (name === WAITING) {
      page.show(state)
      this.part(WAITING).textContent = state.on_phones ? this.dataset.textReadHere : this.dataset.textLookUp
    } else page.hidden = true
  }

  // ---- the practice

  // Who has finished stays finished when the class comes back to the practice, and may do it once more. As
  // Seat.has_finished on the server.
  showPractice({ done, mode }) {
    if (!this.part(PRACTICE)) return
    this.hasFinished = done === "alone" || (done && mode === "lam-theo")
    this.querySelectorAll("[data-practice]").forEach((each) => {
      each.hidden = (each.dataset.practice === "finished") !== Boolean(this.hasFinished)
    })
  }

  async startPractice() {
    if (this.current !== PRACTICE) return
    const { textOpening, textOfflinePractice, textTapButton } = this.dataset
    this.showPracticeStatus(textOpening, false)
    const answer = await postForm(this.practice("start-practice"), () => this.showPracticeStatus(textOfflinePractice, false))
    if (this.current !== PRACTICE) return
    if (answer && answer.address) location.assign(answer.address)
    else this.showPracticeStatus((answer && answer.error) || textTapButton, true)
  }

  // Without a button while it opens by itself: that would be gone before a finger reaches it.
  showPracticeStatus(text, withButton) {
    this.practice("practice-status").textContent = text
    this.practice("start-practice").hidden = !withButton
  }

  practice(name) {
    return this.querySelector(`[data-practice]:not([hidden]) [data-${name}]`)
  }
}

const phaseKeyOf = (part) => (part && part.phaseKey) || ""
const instructionOf = (part) => part.instruction || ""

// A learner who has scrolled below the question sees nothing of its new phase. Fields in sight stay where they are, but
// the first line of the solution comes in sight, also where the question alone fills a window with very large text.
function scrollBack(question) {
  if (question.querySelector("[data-fields]").getBoundingClientRect().bottom <= 0) window.scrollTo(0, 0)
  const line = question.querySelector("[data-right]:not([hidden]), .solution__correct")
  if (line) line.scrollIntoView({ block: "nearest" })
}

customElements.define("class-seat", ClassSeat)
