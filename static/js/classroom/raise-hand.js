// <raise-hand>: the form that calls a helper, and the line that says who is coming. On the class's page and in a practice.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 10000 // ms, then the learner is asked to tap again

class RaiseHand extends HTMLElement {
  connectedCallback() {
    this.isBusy = false
    this.addEventListener("submit", (event) => {
      event.preventDefault()
      event.stopPropagation()
      this.send()
    })
  }

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

  async send() {
    if (this.isBusy) return
    const { dataset, label } = this
    const before = label.textContent
    this.isBusy = true
    label.textContent = dataset.textSending
    try {
      const body = new URLSearchParams({ tay: this.button.value }) // a button's value is no part of a FormData
      const request = { method: "POST", headers: { Accept: "application/json" }, body }
      const seat = await fetchWithTimeout(TIMEOUT, this.querySelector("form").action, request, (response) => response.json())
      this.isBusy = false
      label.textContent = seat.error || before
      if (!seat.error) this.show(seat)
    } catch (error) {
      this.isBusy = false
      label.textContent = dataset.textLost
    }
  }
}

customElements.define("raise-hand", RaiseHand)
