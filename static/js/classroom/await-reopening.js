// <await-reopening data-stream="…" data-url="…">: on a facilitator's or helper's page of a closed class. Goes back to the
// class when it is reopened.
import { ClassStream } from "../lib/class-stream.js"
import { untilNotTouched } from "./page-parts.js"

class AwaitReopening extends HTMLElement {
  connectedCallback() {
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
  }

  disconnectedCallback() {
    this.stream.close()
  }

  async receive({ closed, refused }) {
    if (refused) this.stream.close() // signed out, or sent away
    if (refused || closed !== false) return
    this.stream.close()
    await untilNotTouched()
    location.assign(this.dataset.url)
  }
}

customElements.define("await-reopening", AwaitReopening)
