// <wall-pairing data-code="…">: a projector that waits for its class, with four digits to type on the desk.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { poll } from "../lib/network.js"
import { keepScreenOn } from "../lib/wake-lock.js"
import { addFullScreenButton, hideRestingPointer } from "./wall-window.js"

const POLL = 2000 // ms
const TIMEOUT = 15000

class WallPairing extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form")
    keepScreenOn()
    addFullScreenButton()
    hideRestingPointer()
    if (form) form.submit()
    else if (this.dataset.code) poll(() => this.check(), POLL)
  }

  async check() {
    const { paired, code } = await fetchWithTimeout(TIMEOUT, "/chieu", { headers: { Accept: "application/json" } }, (response) => response.json())
    if (!paired && code === this.dataset.code) return true
    location.reload() // paired, or the digits have expired
    return false
  }
}

customElements.define("wall-pairing", WallPairing)
