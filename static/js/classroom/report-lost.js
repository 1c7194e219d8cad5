// <report-lost>: one tap says that the learner cannot follow the slide or the demonstration; the desk sees a number.
import { SeatSignal } from "./raise-hand.js"

const SPOKEN = ["slide", "demo"] // kinds of steps

class ReportLost extends SeatSignal {
  // As the class's stream has it: `lost` is the step that this seat could not follow. The answer to a tap has no `step`: the
  // form keeps that which the learner saw.
  show({ kind, step, lost }) {
    if (step) {
      this.querySelector("[name=step]").value = step
      this.hidden = !SPOKEN.includes(kind)
    }
    if (this.isBusy) return
    const isLost = lost === this.querySelector("[name=step]").value
    const { dataset, button } = this
    this.querySelector("[data-told]").hidden = !isLost
    button.value = isLost ? "roi" : "chua"
    button.textContent = isLost ? dataset.textFollows : dataset.textLost
  }

  get button() {
    return this.querySelector("[name=kip]")
  }

  get label() {
    return this.button
  }
}

customElements.define("report-lost", ReportLost)
