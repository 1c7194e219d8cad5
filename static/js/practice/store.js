// The log of one attempt, kept in the browser after every tap. It holds events only: what was typed is in them as it
// may leave the phone, never as it was typed. Where storage is refused the log lasts as long as the page.

export class Log {
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
      // Full or switched off; the sender still has them.
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
