// <seat-summary data-stream="…">: after the class. If it is reopened, the phone goes back by itself.
import { fetchWithin } from "../lib/fetch-within.js"
import { poll } from "../lib/network.js"

const POLL = 30000  // ms
const LIMIT = 15000 // ms
const MAX_POLLS = 30 // some 15 minutes, as long as a class may be reopened

class SeatSummary extends HTMLElement {
  connectedCallback() {
    this.polls = 0
    poll(() => this.check(), POLL, POLL * (0.7 + 0.6 * Math.random()))
  }

  async check() {
    this.polls += 1
    const isReopened = await fetchWithin(LIMIT, this.dataset.stream, { headers: { Accept: "application/json" } }, readState)
      .then((state) => state.closed === false, () => false)
    if (isReopened) location.assign(this.dataset.url)
    return !isReopened && this.polls < MAX_POLLS
  }
}

const readState = (response) => response.ok ? response.json() : {}

customElements.define("seat-summary", SeatSummary)
