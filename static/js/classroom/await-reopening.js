// <await-reopening data-stream="…" data-url="…">: on a facilitator's or helper's page of a closed class. Goes back to the
// class when it is reopened.
import { ClassStream } from "../lib/class-stream.js"
import { untilNotTouched } from "./page-parts.js"

const SETTLING = 2000 // ms: just after the closing the stream may still tell the state before it

class AwaitReopening extends HTMLElement {
  connectedCallback() {
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
    this.stream.close()
  }

  receive({ closed, refused }) {
    if (refused) this.stream.close() // signed out, or sent away
    clearTimeout(this.timer)
    if (!refused && closed === false) this.timer = setTimeout(() => this.goBack(), SETTLING)
  }

  async goBack() {
    this.stream.close()
    await untilNotTouched()
    location.assign(this.dataset.url)
  }
}

customElements.define("await-reopening", AwaitReopening)
