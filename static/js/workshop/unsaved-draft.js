// What somebody typed and did not save yet, kept in this browser: it survives a closed lid and a killed browser. One draft
// a file, with the revision from which it began, and with the fields of a save whose answer never came: the server may
// have stored it all the same, so it is sent again before the next one.
const PAUSE = 400 // ms

export class UnsavedDraft {
  constructor(name) {
    this.key = `soan:${name}`
    this.timer = 0
    this.unconfirmedSave = null
    window.addEventListener("pagehide", () => this.flush())
  }

  // The kept draft, or null: {number, text, unconfirmedSave, keptAt}.
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key))
      return kept && typeof kept.text === "string" ? kept : null
    } catch (error) {
      return null
    }
  }

  store(number, text) {
    this.waiting = { number, text, unconfirmedSave: this.unconfirmedSave, keptAt: Date.now() }
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), PAUSE)
  }

  flush() {
    clearTimeout(this.timer)
    if (!this.waiting) return
    try {
      localStorage.setItem(this.key, JSON.stringify(this.waiting))
    } catch (error) {
      // The browser keeps nothing, as in a private window: the page still has the text.
    }
    this.waiting = null
  }

  drop() {
    this.waiting = null
    clearTimeout(this.timer)
    try {
      localStorage.removeItem(this.key)
    } catch (error) {
      // nothing was kept
    }
  }
}
