// <desk-subpage data-desk="…" data-stream="…">: a page beside the desk, such as "Việc khác". It hears the keys of a clicker
// as the desk does, and keeps the number of phones fresh; without a stream the page does that itself. The space bar and the
// up and down keys go on to scroll.
import { ClassStream } from "../lib/class-stream.js"
import "./class-duration.js"
import { followConnection, showNumber } from "./page-parts.js"
import { pressOnDesk } from "./wall-keys.js"

const KEYS = {
  ArrowRight: "next", PageDown: "next",
  ArrowLeft: "back", PageUp: "back",
  b: "pause", B: "pause", ".": "pause",
}

class DeskSubpage extends HTMLElement {
  connectedCallback() {
    this.isPressing = false
    document.addEventListener("keydown", (event) => this.onKey(event))
    if (!this.dataset.stream) return
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
    followConnection()
  }

  disconnectedCallback() {
    if (this.stream) this.stream.close()
  }

  receive(state) {
    if (state.refused || state.closed) return location.reload()
    return showNumber("machines", state.machines)
  }

  async onKey(event) {
    const action = KEYS[event.key]
    if (!action || event.repeat || event.ctrlKey || event.metaKey || event.altKey || this.isPressing) return
    if (event.target.closest("input, select, textarea, [contenteditable]")) return
    event.preventDefault()
    this.isPressing = true
    const failure = await pressOnDesk(this.dataset.desk, action)
    this.isPressing = false
    this.textContent = failure ? this.dataset.textFailed : this.dataset.textDone
    if (!failure && this.hasAttribute("data-reload")) location.reload()
  }
}

customElements.define("desk-subpage", DeskSubpage)
