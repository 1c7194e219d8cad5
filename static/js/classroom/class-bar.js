// <class-bar data-stream="…">: the class in a practice. Covers the phone while the class looks up, and offers the way
// back when the class goes on; it never leaves the practice by itself.
import { ClassStream } from "../lib/class-stream.js"
import { Countdown, timeOfDay } from "./countdown.js"
import "./raise-hand.js"

const PRACTICE = "tap"

class ClassBar extends HTMLElement {
  connectedCallback() {
    this.main = document.querySelector("main")
    this.covers = Array.from(this.querySelectorAll("[data-cover]"))
    this.state = null
    this.focused = null // what had the focus when the cover came
    // A tap brings another screen, too.
    this.observer = new MutationObserver(() => this.showCover())
    this.observer.observe(this.main, { childList: true, subtree: true })
    this.break = new Countdown(() => this.showCover())
    this.strip = this.querySelector(".class-bar__strip")
    this.stripSize = new ResizeObserver(() => this.makeRoomForStrip())
    if (this.strip) { // a page that was opened before an update has none
      this.stripHeight = this.strip.offsetHeight
      this.stripSize.observe(this.strip, { box: "border-box" }) // its padding tells that it is no longer fixed
    }
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
  }

  disconnectedCallback() {
    this.observer.disconnect()
    this.stripSize.disconnect()
    this.stream.close()
  }

  receive(state) {
    this.state = Object.assign({}, state, isOtherLesson(state, this) ? { step: "other", gate: null, level: undefined } : {})
    const hand = this.querySelector("raise-hand")
    if (hand) {
      hand.show(state)
      hand.hidden = !this.isInClass
    }
    this.showStatus()
    this.break.follow(state.break_until)
    if (state.break_until) this.querySelector("[data-break-end]").textContent = timeOfDay(state.break_until)
    this.showCover()
    if (this.state.level !== undefined) this.followLevel()
  }

  get isInClass() {
    const { refused, closed, out: isRemoved } = this.state
    return !refused && !closed && !isRemoved
  }

  showStatus() {
    const { textAlone, textClosed, textRemoved, textMoved, textEnded } = this.dataset
    const { refused, closed, step, kind } = this.state
    const hasLeft = !this.isInClass || (step && step !== PRACTICE)
    const text = refused ? `${refused} ${textAlone}` : closed ? textClosed : !this.isInClass ? textRemoved : kind === "end" ? textEnded : textMoved
    const status = this.querySelector("[data-status]")
    const isNews = hasLeft && status.hidden
    status.hidden = !hasLeft
    this.querySelector("[data-status-text]").textContent = text
    this.showBack(Boolean(hasLeft), !refused && (closed || (this.isInClass && kind === "end")))
    if (isNews) this.bringIntoSight()
  }

  // The page ends above the strip, and what stood there stays in sight when a line comes in: but not the news at the top.
  makeRoomForStrip() {
    const { offsetHeight: height } = this.strip
    const { style } = document.documentElement
    const isFixed = getComputedStyle(this.strip).position === "fixed"
    style.setProperty("--class-strip", isFixed ? `${height}px` : "0px")
    if (isFixed && this.querySelector("[data-status]").hidden) window.scrollBy(0, height - this.stripHeight)
    this.stripHeight = height
  }

  // A practice is scrolled to what is pointed at; but nothing moves while somebody types.
  bringIntoSight() {
    if (!document.activeElement.matches("input, select")) window.scrollTo(0, 0)
  }

  // At the end of the class the way back leads to what was earned.
  showBack(isOffered, isAtEnd) {
    const back = this.querySelector("[data-back]")
    const { dataset } = back
    const text = isAtEnd ? dataset.textEnd : dataset.textClass
    back.classList.toggle("button--offered", isOffered)
    this.querySelector("[data-way]").classList.toggle("class-bar__way--end", isAtEnd)
    const page = document.documentElement.classList
    page.toggle("class-bar-offers-way", isOffered)
    page.toggle("class-bar-at-end", isAtEnd)
    back.href = isAtEnd ? dataset.end : dataset.class
    if (back.textContent !== text) back.textContent = text
  }

  // While the class pauses, and on the screen where all wait for each other.
  showCover() {
    if (!this.state) return
    const { paused, gate } = this.state
    const phone = this.main.querySelector("[data-screen]")
    const isAtGate = gate && phone && gate === phone.dataset.screen
    const name = !this.isInClass ? "" : this.break.left ? "break" : paused ? "pause" : isAtGate ? "gate" : ""
    const shown = this.covers.find((cover) => !cover.hidden)
    if ((shown ? shown.dataset.cover : "") === name) return
    if (!shown) this.focused = document.activeElement
    this.covers.forEach((cover) => { cover.hidden = cover.dataset.cover !== name })
    for (const element of [this.firstElementChild, this.main]) element.classList.toggle("class-cover-parent", Boolean(name))
    const next = this.covers.find((cover) => !cover.hidden)
    if (next) next.focus()
    else this.restoreFocus()
  }

  // To the coach's sentence where that screen is gone.
  restoreFocus() {
    const isThere = this.focused && this.focused !== document.body && document.contains(this.focused)
    const target = isThere ? this.focused : this.main.querySelector("h1")
    if (target) target.focus({ preventScroll: true })
  }

  // The guidance level comes with the page, which is loaded again; but not while somebody types.
  followLevel() {
    const level = this.state.level === null ? "" : String(this.state.level)
    if (level === this.dataset.level) return
    const field = document.activeElement
    if (!field || !/^(INPUT|SELECT)$/.test(field.tagName)) location.reload()
    else field.addEventListener("blur", () => this.followLevel(), { once: true })
  }
}

// Whether the class has gone on to another lesson than the one that is practised here.
const isOtherLesson = ({ lesson }, { dataset }) => lesson !== undefined && String(lesson) !== dataset.lesson

customElements.define("class-bar", ClassBar)
