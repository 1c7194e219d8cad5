// <copy-text>: a button that copies the text of the field beside it. Without a script the field is selected by hand.
import { announce } from "../lib/announce.js"

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-copy]")
    button.hidden = false
    button.addEventListener("click", () => this.copy())
  }

  // navigator.clipboard needs https, which a hall has not; a selected text can be copied everywhere.
  copy() {
    const field = this.querySelector("textarea")
    field.focus()
    field.select()
    let copied = false
    try {
      copied = document.execCommand("copy")
    } catch (refused) {
      copied = false
    }
    const status = this.querySelector("[data-copied]")
    status.hidden = !copied
    if (copied) announce(status.textContent)
  }
}

customElements.define("copy-text", CopyText)
