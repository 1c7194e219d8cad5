// <network-check>: what the phones of a hall measured, updated every few seconds.
import { poll } from "../lib/network.js"
import { keepScreenOn } from "../lib/wake-lock.js"
import { fetchPage } from "./page-parts.js"

const POLL = 4000 // ms

class NetworkCheck extends HTMLElement {
  connectedCallback() {
    keepScreenOn()
    poll(() => this.update(), POLL)
  }

  async update() {
    const { page } = await fetchPage("/thu-truoc-gio")
    const fresh = page.querySelector("[data-part=found]")
    if (!fresh) { // expired, or signed out
      location.reload()
      return false
    }
    const part = this.querySelector("[data-part=found]")
    if (part.innerHTML !== fresh.innerHTML) part.innerHTML = fresh.innerHTML
    return true
  }
}

customElements.define("network-check", NetworkCheck)
