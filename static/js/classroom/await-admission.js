// <await-admission data-url="…">: a class whose door is closed. Says when it opens; a learner who has tapped "Vào lớp"
// already then joins by itself.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { poll } from "../lib/network.js"

const POLL = 5000   // ms
const TIMEOUT = 15000 // ms

class AwaitAdmission extends HTMLElement {
  connectedCallback() {
    poll(() => this.check(), POLL, POLL * Math.random())
  }

  async check() {
    const { status, shut } = await fetchWithTimeout(TIMEOUT, this.dataset.url, { headers: { Accept: "application/json" } }, readAdmission)
    if (status === 410) location.reload() // the class is over, and the page says so
    else if (status === 200 && !shut) this.open()
    else return true
    return false
  }

  open() {
    const form = document.querySelector("[data-join-form]")
    const isTyping = form.contains(document.activeElement) && document.activeElement.type === "text"
    if (this.hasAttribute("data-joins") && !isTyping) return form.submit() // a name is not sent half
    this.querySelector("[data-gate-title]").textContent = this.dataset.textOpen
    this.querySelector("[data-gate-text]").textContent = this.dataset.textTap
    return null
  }
}

async function readAdmission(response) {
  return Object.assign({ status: response.status }, response.status === 410 ? {} : await response.json())
}

customElements.define("await-admission", AwaitAdmission)
