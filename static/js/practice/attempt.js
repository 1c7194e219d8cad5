// One attempt at a practice: the engine's state, moved on by this page and by other tabs, its event log, and what a
// state shows.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { step } from "./engine.js"

const BATCH = 200      // events in one request
const PAUSE = 1500     // ms from a tap to its request
const MAX_PAUSE = 60000
const TIMEOUT = 20000    // ms for one request
const TRANSIENT = [408, 409, 425, 429] // of 400 to 499: may be better next time
const OFFER_AFTER_MISTAKES = 2
const EMPTY = ["", "?0"]
const WITHOUT_PLACE = ["idle", "miss", "done"]

export class Attempt {
  // `facts` come with the page: model, data, mode and the state that the server has. For `player` see EventLog.
  constructor(facts, player) {
    this.facts = facts
    this.log = new EventLog(facts, player)
    this.state = facts.state
    this.opened = performance.now() - this.state.t
    this.catchUp()
  }

  // Apply events of the log that the state does not have yet; true when there were some. An impossible event, and all
  // after it, are dropped: the attempt went on elsewhere, and the server's state is right.
  catchUp() {
    const before = this.state.q
    const events = this.log.read()
    events.every((event, index) => {
      try {
        this.state = this.after(event)
        return true
      } catch (impossible) {
        return this.log.write(events.slice(0, index))
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

// Events wait here until the server acknowledges them. Typed text is in them only as it may leave the phone. Retries
// are randomized, so that a hall of phones that lost the network together does not come back all at once.
class EventLog {
  // Of `player` it calls `onReceipt(receipt, lastSent)` after a response, `onRefused()` when nothing will be accepted any
  // more, `onOffline()` when the server was not reached.
  constructor({ attempt, events, state }, player) {
    this.key = "luot-" + attempt
    this.url = events
    this.acknowledged = state.q
    this.player = player
    this.inMemory = []
    this.failures = 0
    window.addEventListener("online", () => {
      this.failures = 0 // a network that has just come back often fails once more
      this.send()
    })
  }

  // Where storage is refused or full the log lasts as long as the page.
  read() {
    try {
      if (!this.isFull) return [].concat(JSON.parse(localStorage.getItem(this.key)) || [])
    } catch (refused) {
      // It is still in memory.
    }
    return this.inMemory
  }

  write(events) {
    this.inMemory = events
    try {
      localStorage.setItem(this.key, JSON.stringify(events))
    } catch (refused) {
      this.isFull = true
    }
  }

  get batch() {
    return this.read().filter((event) => event && event[0] > this.acknowledged).slice(0, BATCH)
  }

  sendSoon() {
    const pause = Math.min(MAX_PAUSE, PAUSE * Math.pow(2, this.failures)) * (0.5 + Math.random())
    if (!this.timer) this.timer = setTimeout(() => this.send(), pause)
  }

  async send() {
    clearTimeout(this.timer)
    this.timer = 0
    const events = this.batch
    if (this.isSending || !events.length) return
    this.isSending = true
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ events }) }
    try {
      const receipt = await fetchWithTimeout(TIMEOUT, this.url, request, readReceipt)
      this.onReceipt(receipt, events[events.length - 1][0])
    } catch (error) {
      this.onFailure(error)
    }
  }

  onReceipt(receipt, lastSent) {
    this.isSending = false
    this.failures = 0
    this.acknowledged = Math.max(this.acknowledged, receipt.kept)
    this.player.onReceipt(receipt, lastSent)
    if (this.batch.length) this.sendSoon()
  }

  onFailure(error) {
    const isRefused = error >= 400 && error < 500 && !TRANSIENT.includes(error)
    if (isRefused) return this.player.onRefused() // for good: it counts as being sent
    this.isSending = false
    this.failures += 1
    this.player.onOffline()
    return this.sendSoon()
  }

  // The page is going away: hand the rest to the browser. If the page comes back it is sent again; each event counts
  // once.
  sendBeacon() {
    const events = this.batch
    if (!events.length || !navigator.sendBeacon) return
    navigator.sendBeacon(this.url, JSON.stringify({ events })) // as text: Chrome 80 refuses JSON
  }
}

function readReceipt(response) {
  if (!response.ok) throw response.status
  return response.json()
}

// What a state shows: feedback, the pointed control, the next help. lms/web/practice/attempt_view.py does the same for
// pages without a script; a test compares the two.
export function viewOf({ model, data, mode, levels }, state) {
  const counts = state.screens[state.screen]
  const screen = model.screens[state.screen]
  const feedback = state.said || []
  const level = levels[state.screen] || 0
  const written = screen.hints || 0
  // At level 1 the first hint is shown from the start: the first request gets the next.
  const hints = Math.min(counts.hints + (level === 1), written)
  const hint = "hint " + hints
  // After a tap on a button without an arrow: the author's own feedback for that button, else the general one.
  const hasOwnFeedback = feedback[0] === "idle" && screen.widgets[feedback[1]].warn
  const keys = [WITHOUT_PLACE.indexOf(feedback[0]) < 0 || hasOwnFeedback ? feedback.join(" ") : feedback[0]]
  if (feedback[0] === "hint") keys[0] = hint
  if (feedback[0] === "wrong" && EMPTY.includes(state.fields[state.screen][feedback[1]])) keys[0] = "empty " + feedback[1]
  let pointed = feedback[0] === "point" ? feedback[1] : -1
  // A hint stays until there is other feedback.
  if (hints && (!feedback.length || pointed >= 0)) keys.push(hint)
  if (level && (level === 2 || !written) && screen.next >= 0 && !state.ended) {
    // What "point" would answer now; the event itself is not recorded.
    const place = step(model, data, state, [state.q + 1, state.t, state.screen, -1, "point"], mode).said[1]
    keys.push("point " + place)
    if (level === 2) pointed = place
  }
  const help = nextHelp(mode, level, counts.help, written - hints, screen)
  return {
    keys,
    pointed,
    wrong: feedback[0] === "wrong" ? feedback[1] : -1,
    help,
    isOffered: help !== "" && counts.wrong >= OFFER_AFTER_MISTAKES,
  }
}

function nextHelp(mode, level, used, hintsLeft, screen) {
  if (mode === "kiem-tra") return ""
  if (hintsLeft) return "hint"
  // Where the screen changes by itself there is nothing to point at.
  if (screen.next < 0 || screen.widgets[screen.next].role === "wait") return ""
  return level === 2 || used >= 50 ? "do" : "point"
}
