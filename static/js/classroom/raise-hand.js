// <raise-hand>: the form that calls a helper, and the line that says who is coming. On the class's page and in a practice.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 10000 // ms, then the learner is asked to tap again

// An element with one button, which tells the class something of this seat. Subclasses have `button`, `label`, the element
// that says how sending goes, and `show(seat)`.
export class SeatSignal extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault()
      event.stopPropagation()
      this.send()
    })
  }

  async send() {
    if (this.isBusy) return
    const { button, dataset, label } = this
    const form = this.querySelector("form")
    const body = new URLSearchParams(new FormData(form)) // a button's value is no part of a FormData
    body.set(button.name, button.value)
    const before = label.textContent
    this.isBusy = true
    label.textContent = dataset.textSending
    try {
      const request = { method: "POST", headers: { Accept: "application/json" }, body }
      const seat = await fetchWithTimeout(TIMEOUT, form.action, request, (response) => response.json())
      this.isBusy = false
      label.textContent = seat.error || before
      if (!seat.error) this.show(seat)
    } catch (error) {
      this.isBusy = false
      label.textContent = dataset.textFailed
    }
  }
}

class RaiseHand extends SeatSignal {
  // As the class's stream has it: `hand` whether it is up, `helping` the name of the helper who is coming.
  show({ hand, helping }) {
    if (hand === undefined || this.isBusy) return
    const { dataset } = this
    const raised = this.querySelector("[data-raised]")
    raised.hidden = !hand && !helping
    this.querySelector("[data-raised-text]").textContent = helping ? dataset.textHelping.replace("{}", helping) : dataset.textRaised
    this.button.value = hand ? "xuong" : "len"
    this.label.textContent = hand ? dataset.textLower : dataset.textRaise
  }

  get button() {
    return this.querySelector("[name=tay]")
  }

  get label() {
    return this.querySelector("[data-hand-label]")
  }
}

customElements.define("raise-hand", RaiseHand)
