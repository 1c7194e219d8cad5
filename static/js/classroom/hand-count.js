// <hand-count>: one tap for each raised hand or card, instead of typing a sum. The fields stay: they correct it.
import { announce } from "../lib/announce.js"

const MOST = 9999 // the field has room for four digits

class HandCount extends HTMLElement {
  connectedCallback() {
    this.querySelectorAll("[data-for]").forEach((button) => {
      const field = document.getElementById(button.dataset.for)
      button.hidden = false
      button.addEventListener("click", () => {
        field.value = Math.min(MOST, (Number(field.value) || 0) + 1)
        announce(field.value)
      })
    })
  }
}

customElements.define("hand-count", HandCount)
