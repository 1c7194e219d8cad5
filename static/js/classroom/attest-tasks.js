// <attest-tasks>: the facilitator taps the seats that were seen to do a task. Only the tapped seat is drawn anew.
import "./class-duration.js"
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 15000 // ms
const PARTS = ["message", "count", "adds"]

class AttestTasks extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.addEventListener("submit", (event) => {
      const button = event.submitter || document.activeElement
      if (!button || !button.name || button.form !== this.form) return
      event.preventDefault()
      this.send(button)
    })
  }

  async send(button) {
    const body = new URLSearchParams(new FormData(this.form))
    body.append(button.name, button.value)
    button.disabled = true
    try {
      this.show(await fetchWithTimeout(TIMEOUT, this.form.action, { method: "POST", body }, (response) => response.text()), button.value)
    } catch (error) {
      button.disabled = false
      document.querySelector("[data-part=message]").textContent = this.dataset.textLost
    }
  }

  show(html, seat) {
    const page = new DOMParser().parseFromString(html, "text/html")
    if (!page.querySelector("attest-tasks")) return location.reload() // closed, or signed out
    PARTS.forEach((name) => replaceFrom(page, `[data-part=${name}]`))
    replaceFrom(page, `#cho-${seat}`)
    const next = document.querySelector(`#cho-${seat} button`)
    return next && next.focus()
  }
}

function replaceFrom(page, selector) {
  const old = document.querySelector(selector)
  const fresh = page.querySelector(selector)
  if (old && fresh) old.replaceWith(document.importNode(fresh, true))
  else if (old) location.reload()
}

customElements.define("attest-tasks", AttestTasks)
