// <seat-summary data-stream="…">: what was learned, at the end of a class or after it. If the class goes on with another
// lesson, or is reopened, the phone goes back by itself.
import { ClassStream } from "../lib/class-stream.js"
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { poll } from "../lib/network.js"

const POLL = 30000  // ms
const TIMEOUT = 15000 // ms
const MAX_POLLS = 30 // some 15 minutes, as long as a class may be reopened
const SPREAD = 400  // ms over which the phones of a hall go to the next lesson

class SeatSummary extends HTMLElement {
  connectedCallback() {
    this.polls = 0
    if (this.hasAttribute("data-open")) this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
    else this.awaitReopening()
  }

  disconnectedCallback() {
    if (this.stream) this.stream.close()
  }

  receive({ lesson, closed }) {
    if (closed) this.awaitReopening()
    else if (lesson && String(lesson) !== this.dataset.lesson) setTimeout(() => location.replace(this.dataset.url), SPREAD * Math.random())
  }

  awaitReopening() {
    if (this.isAwaiting) return
    this.isAwaiting = true
    poll(() => this.check(), POLL, POLL * (0.7 + 0.6 * Math.random()))
  }

  async check() {
    this.polls += 1
    const isReopened = await fetchWithTimeout(TIMEOUT, this.dataset.stream, { headers: { Accept: "application/json" } }, readState)
      .then((state) => state.closed === false, () => false)
    if (isReopened) location.assign(this.dataset.url)
    return !isReopened && this.polls < MAX_POLLS
  }
}

const readState = (response) => response.ok ? response.json() : {}

customElements.define("seat-summary", SeatSummary)
