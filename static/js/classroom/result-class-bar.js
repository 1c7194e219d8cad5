// <result-class-bar data-stream="…">: the class beside the result of a practice. The phone goes back by itself when the
// class goes on; a result that is opened afterwards stays, with a button.
import { ClassStream } from "../lib/class-stream.js"
import { untilNotTouched } from "./page-parts.js"
import "./raise-hand.js"

const PRACTICE = "tap"
const HAS_LEFT = ["moved", "over"] // where the class is then
const READING = 2500 // ms for the sentence that says so
const SPREAD = 2500  // ms over which the phones of a hall go back

class ResultClassBar extends HTMLElement {
  connectedCallback() {
    this.wasWithClass = !HAS_LEFT.includes(this.dataset.place)
    this.isLeaving = false
    this.isClassOver = false
    this.timer = 0
    const main = document.querySelector("main")
    main.addEventListener("submit", () => { this.isLeaving = true })
    main.addEventListener("click", ({ target }) => {
      if (target.closest("a[href]")) this.isLeaving = true
    })
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) this.isLeaving = false })
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
  }

  disconnectedCallback() {
    this.stream.close()
  }

  receive(state) {
    const hand = this.querySelector("raise-hand")
    const isOtherLesson = state.lesson !== undefined && String(state.lesson) !== this.dataset.lesson
    const place = placeIn(isOtherLesson ? Object.assign({}, state, { step: "other" }) : state)
    if (hand) {
      hand.show(state)
      hand.hidden = place === "over"
    }
    if (!place) return
    this.isClassOver = place === "over"
    if (place === "with" || place === "paused") this.wasWithClass = true
    const isGoing = HAS_LEFT.includes(place) && this.wasWithClass
    this.showPlace(isGoing ? "going" : place)
    if (!isGoing) {
      clearTimeout(this.timer)
      this.timer = 0
    } else if (!this.timer) {
      this.timer = setTimeout(() => this.goBack(), READING + SPREAD * Math.random())
    }
  }

  showPlace(place) {
    this.querySelectorAll("[data-place]").forEach((sentence) => { sentence.hidden = sentence.dataset.place !== place })
  }

  // Not under a finger, and not when the learner is already going somewhere.
  async goBack() {
    await untilNotTouched()
    if (!this.timer || this.isLeaving) return
    this.wasWithClass = false
    location.assign(this.isClassOver ? this.dataset.end : this.dataset.back)
  }
}

// Where the class is: "with" this phone in the practice, "paused", "moved" on, "over", this phone "out"; "" while unknown.
// What became of the seat is said by the class's own page.
function placeIn({ refused, swept, closed, out, step, paused }) {
  if (refused || swept) return "moved"
  if (closed) return "over"
  if (out) return "out"
  if (!step) return ""
  if (step !== PRACTICE) return "moved"
  return paused ? "paused" : "with"
}

customElements.define("result-class-bar", ResultClassBar)
