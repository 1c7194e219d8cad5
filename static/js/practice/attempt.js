// One attempt on this phone: the engine's state, moved on by what is done here and in other tabs, and its log.
import { step } from "./engine.js"

export class Attempt {
  // `facts` is what the page says: model, data, mode and the state that the server has.
  constructor(facts) {
    this.facts = facts
    this.log = new Log(facts.attempt)
    this.state = facts.state
    this.opened = performance.now() - this.state.t
    this.catchUp()
  }

  // Take in what the log holds beyond the present state; true when something came. Events that do not fit are from
  // an attempt that went on elsewhere: the server's word counts, and they are dropped.
  catchUp() {
    const before = this.state.q
    const events = this.log.read()
    for (let place = 0; place < events.length; place += 1) {
      try {
        this.state = this.after(events[place])
      } catch (impossible) {
        this.log.write(events.slice(0, place))
        break
      }
    }
    return this.state.q > before
  }

  act(place, action, value) {
    if (this.state.ended) return
    const t = Math.max(this.state.t, Math.round(performance.now() - this.opened))
    const event = [this.state.q + 1, t, this.state.screen, place, action]
    if (value !== undefined) event.push(value)
    this.state = this.after(event)
    this.log.append(event)
  }

  after(event) {
    return step(this.facts.model, this.facts.data, this.state, event, this.facts.mode)
  }

  beyond(q) {
    return this.log.read().filter((event) => event[0] > q)
  }
}

// Kept in the browser after every tap: events only, and in them what was typed as it may leave the phone. Where storage
// is refused the log lasts as long as the page.
class Log {
  constructor(attempt) {
    this.key = "luot-" + attempt
    this.here = []
  }

  read() {
    try {
      const events = JSON.parse(localStorage.getItem(this.key))
      return Array.isArray(events) ? events : []
    } catch (refused) {
      return this.here
    }
  }

  append(event) {
    this.write(this.read().concat([event]))
  }

  write(events) {
    this.here = events
    try {
      localStorage.setItem(this.key, JSON.stringify(events))
    } catch (refused) {
      // Full or switched off: it is still here.
    }
  }

  clear() {
    this.here = []
    try {
      localStorage.removeItem(this.key)
    } catch (refused) {
      // Nothing was kept there.
    }
  }
}
