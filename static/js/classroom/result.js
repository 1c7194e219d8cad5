// The result of a practice that was done in class. Nothing is in her hands any more, so the phone goes back by itself when
// the class goes on. Whoever opens a result after that is left in peace, with a button.
import { openStream } from "../lib/stream.js"
import { sendHand, showSeat } from "./hand.js"
import { fingersOff } from "./parts.js"

const PRACTICE = "tap"
const TO_READ = 2500       // ms for the sentence that it goes back
const ALL_AT_ONCE = 2500   // ms over which a hall's phones go back
const bar = document.querySelector("[data-inclass]")
const sentences = Array.from(bar.querySelectorAll("[data-where]"))
let isWith = bar.dataset.place !== "moved"
let isLeaving = false
let clock = 0

openStream(bar.dataset.stream, (state) => {
  showSeat(bar, state, "short")
  const place = placeOf(state)
  if (!place) return
  if (place === "with" || place === "paused") isWith = true
  const isGoing = place === "moved" && isWith
  say(isGoing ? "going" : place)
  if (!isGoing) {
    clearTimeout(clock)
    clock = 0
  } else if (!clock) {
    clock = setTimeout(goBack, TO_READ + ALL_AT_ONCE * Math.random())
  }
})

// "" while nothing is known of the class. What became of her seat is told by the class's own page.
function placeOf({ refused, swept, closed, out, step, paused }) {
  if (refused || swept || closed) return "moved"
  if (out) return "out"
  if (!step) return ""
  if (step !== PRACTICE) return "moved"
  return paused ? "paused" : "with"
}

function say(which) {
  sentences.forEach((one) => { one.hidden = one.dataset.where !== which })
}

// Not from under a finger, nor in the way of where she is going herself.
async function goBack() {
  await fingersOff()
  if (!clock || isLeaving) return
  isWith = false
  location.assign(bar.dataset.way)
}

bar.addEventListener("submit", (event) => {
  event.preventDefault()
  sendHand(bar, event.target, "short")
})
document.querySelector("main").addEventListener("submit", () => { isLeaving = true })
document.querySelector("main").addEventListener("click", ({ target }) => {
  if (target.closest("a[href]")) isLeaving = true
})
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) isLeaving = false })
