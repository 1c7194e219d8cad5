// A projector that waits for its class: asks for four digits, and looks now and then whether the desk has typed them.
import { stayAwake } from "../lib/awake.js"

const ASK = 2000   // ms between two looks
const place = document.querySelector("[data-pair]")
const begin = place.querySelector("form")

async function look() {
  try {
    const response = await fetch("/chieu", { headers: { Accept: "application/json" } })
    const { paired, code } = await response.json()
    // Paired, or the digits are no longer good: both are another page.
    if (paired || code !== place.dataset.pair) return location.reload()
  } catch (lost) {
    // The line is down; the digits stay.
  }
  return setTimeout(look, ASK * (0.8 + 0.4 * Math.random()))
}

stayAwake()
if (begin) begin.submit()
else if (place.dataset.pair) setTimeout(look, ASK)
