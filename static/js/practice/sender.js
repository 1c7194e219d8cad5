// Carries events to the server: in batches, again and again until they are acknowledged, in growing pauses with some
// chance in them, so that a hall of phones that lost the network together does not come back all at once.

const AT_ONCE = 200        // events in one batch
const PAUSE = 1500         // ms from a tap to its sending
const LONGEST = 60000

export class Sender {
  // `pending(q)` gives the events after q; `hear(receipt, sent)` gets the server's answer, `lose()` a refusal for good
  // and `wait()` the news that the server was not reached.
  constructor(address, kept, ears) {
    this.address = address
    this.kept = kept
    this.ears = ears
    this.failures = 0
    this.timer = 0
    this.busy = false
    this.refused = false
    window.addEventListener("online", () => this.now())
  }

  soon() {
    if (!this.timer) this.timer = setTimeout(() => this.now(), this.pause())
  }

  pause() {
    return Math.min(LONGEST, PAUSE * Math.pow(2, this.failures)) * (0.5 + Math.random())
  }

  now() {
    clearTimeout(this.timer)
    this.timer = 0
    const events = this.ears.pending(this.kept).slice(0, AT_ONCE)
    if (this.busy || this.refused || !events.length) return
    this.busy = true
    fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ events }),
    })
      .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
      .then((receipt) => this.heard(receipt, events[events.length - 1][0]))
      .catch((trouble) => this.failed(trouble))
  }

  heard(receipt, sent) {
    this.busy = false
    this.failures = 0
    this.kept = Math.max(this.kept, receipt.kept)
    this.ears.hear(receipt, sent)
    if (this.ears.pending(this.kept).length) this.soon()
  }

  failed(trouble) {
    this.busy = false
    // 400 to 499 will not be better next time, but for a slow line, a crowd and a conflict of the moment.
    if (trouble >= 400 && trouble < 500 && [408, 409, 425, 429].indexOf(trouble) < 0) {
      this.refused = true
      return this.ears.lose()
    }
    this.failures += 1
    this.ears.wait()
    this.soon()
  }

  // The page is going away: hand the rest to the browser. It is sent again when the page comes back; each event
  // counts once.
  leave() {
    const events = this.ears.pending(this.kept).slice(0, AT_ONCE)
    if (!events.length || this.refused || !navigator.sendBeacon) return
    navigator.sendBeacon(this.address, new Blob([JSON.stringify({ events })], { type: "application/json" }))
  }
}
