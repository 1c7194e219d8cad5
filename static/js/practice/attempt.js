// One attempt on this phone: the engine's state, moved on by what is done here and in other tabs, and its log, which is
// kept in the browser after every tap and carried to the server when there is a network.
import { step } from "./engine.js"

const AT_ONCE = 200        // events in one batch
const PAUSE = 1500         // ms from a tap to its sending
const LONGEST = 60000
const PATIENCE = 20000     // ms; some networks swallow a request and never say so

export class Attempt {
  // `facts` is what the page says: model, data, mode and the state that the server has. For `ears` see Log.
  constructor(facts, ears) {
    this.facts = facts
    this.log = new Log(facts, ears)
    this.state = facts.state
    this.opened = performance.now() - this.state.t
    this.catchUp()
  }

  // Take in what the log holds beyond the present state; true when something came. Events that do not fit are from
  // an attempt that went on elsewhere: the server's word counts, and they are dropped.
  catchUp() {
    const before = this.state.q
    const events = this.log.read()
    events.every((event, place) => {
      try {
        this.state = this.after(event)
        return true
      } catch (impossible) {
        return this.log.write(events.slice(0, place))
      }
    })
    return this.state.q > before
  }

  act(place, action, value) {
    if (this.state.ended) return
    const t = Math.max(this.state.t, Math.round(performance.now() - this.opened))
    const event = [this.state.q + 1, t, this.state.screen, place, action]
    if (value !== undefined) event.push(value)
    this.state = this.after(event)
    this.log.write(this.log.read().concat([event]))
  }

  after(event) {
    return step(this.facts.model, this.facts.data, this.state, event, this.facts.mode)
  }
}

// Events only, and in them what was typed as it may leave the phone. Sent in batches, again and again until they are
// acknowledged, in growing pauses with some chance in them, so that a hall of phones that lost the network together
// does not come back all at once.
class Log {
  // `hear(receipt, sent)` gets the server's answer, `lose()` a refusal for good, `wait()` that it was not reached.
  constructor({ attempt, events, state }, ears) {
    this.key = "luot-" + attempt
    this.address = events
    this.kept = state.q
    this.ears = ears
    this.here = []
    this.failures = 0
    window.addEventListener("online", () => {
      this.failures = 0   // a line that has just come back often fails once more
      this.now()
    })
  }

  // Where storage is refused or full the log lasts as long as the page.
  read() {
    try {
      if (!this.isFull) return [].concat(JSON.parse(localStorage.getItem(this.key)) || [])
    } catch (refused) {
      // It is still here.
    }
    return this.here
  }

  write(events) {
    this.here = events
    try {
      localStorage.setItem(this.key, JSON.stringify(events))
    } catch (refused) {
      this.isFull = true
    }
  }

  // What the server has not acknowledged, as much as it takes at once.
  get batch() {
    return this.read().filter((event) => event && event[0] > this.kept).slice(0, AT_ONCE)
  }

  soon() {
    const pause = Math.min(LONGEST, PAUSE * Math.pow(2, this.failures)) * (0.5 + Math.random())
    if (!this.timer) this.timer = setTimeout(() => this.now(), pause)
  }

  now() {
    clearTimeout(this.timer)
    this.timer = 0
    const events = this.batch
    if (this.busy || !events.length) return
    this.busy = true
    const stop = new AbortController()
    setTimeout(() => stop.abort(), PATIENCE)
    fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ events }),
      signal: stop.signal,
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
    if (this.batch.length) this.soon()
  }

  failed(trouble) {
    // 400 to 499 will not be better next time, but for a slow line, a crowd and a conflict of the moment. Then nothing
    // is sent any more: it stays busy.
    if (trouble >= 400 && trouble < 500 && ![408, 409, 425, 429].includes(trouble)) return this.ears.lose()
    this.busy = false
    this.failures += 1
    this.ears.wait()
    this.soon()
  }

  // The page is going away: hand the rest to the browser. If the page comes back it is sent again; each event counts
  // once.
  leave() {
    const events = this.batch
    if (!events.length || !navigator.sendBeacon) return
    navigator.sendBeacon(this.address, JSON.stringify({ events })) // as text: Chrome 80 refuses JSON
  }
}
