// <report-lost>: one tap says that the learner cannot follow the slide or the demonstration; the desk sees a number.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 10000 // ms, then the learner is asked to tap again
const SPOKEN = ["slide", "demo"] // kinds of steps

class ReportLost extends HTMLElement {
  connectedCallback() {
    this.isBusy = false
    this.addEventListener("submit", (event) => {
      event.preventDefault()
      event.stopPropagation()
      this.send()
    })
  }

  // As the class's stream has it: `lost` is the step that this seat could not follow.
  show(state) {
    const { kind, step, lost } = this.state = state
    this.querySelector("[name=step]").value = step
    this.hidden = !SPOKEN.includes(kind)
    if (this.isBusy) return
    const isLost = lost === step
    const { dataset, button } = this
    this.querySelector("[data-told]").hidden = !isLost
    button.value = isLost ? "roi" : "chua"
    button.textContent = isLost ? dataset.textFollows : dataset.textLost
  }

  get button() {
    return this.querySelector("[name=kip]")
  }

  async send() {
    if (this.isBusy) return
    this.isBusy = true
    const { button, dataset } = this
    button.textContent = dataset.textSending
    const form = this.querySelector("form")
    const fields = new URLSearchParams(new FormData(form)) // the step and the lesson that the learner saw
    fields.set("kip", button.value)
    try {
      const request = { method: "POST", headers: { Accept: "application/json" }, body: fields }
      const seat = await fetchWithTimeout(TIMEOUT, form.action, request, (response) => response.json())
      this.isBusy = false
      if (seat.error) button.textContent = seat.error
      else this.show(Object.assign({}, this.state, { lost: seat.lost }))
    } catch (error) {
      this.isBusy = false
      button.textContent = dataset.textFailed
    }
  }
}

customElements.define("report-lost", ReportLost)
