// One attempt on this phone: the engine's state, moved on by what the learner does and by what other tabs kept.
import { step } from "./engine.js"

export class Attempt {
  // `facts` is what the page says: model, data, mode and the state that the server has.
  constructor(facts, log) {
    this.facts = facts
    this.log = log
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
