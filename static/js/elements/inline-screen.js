// <inline-screen>: a small drawn phone between paragraphs. A tap on it is answered; nothing is sent or stored.
import { announce } from "../lib/announce.js"

class InlineScreen extends HTMLElement {
  connectedCallback() {
    this.querySelector("fieldset").disabled = false
    this.addEventListener("click", (event) => this.onClick(event))
    if (this.querySelector("[data-gesture], .scroll")) this.awaitReader()
  }

  onClick({ target, detail }) {
    const button = target.closest("button[name=tap]")
    if (button && detail) button.blur() // a finger leaves no focus ring
    if (button) this.show(this.noteOf(button.value, detail && "tapped")) // a key makes no gesture
    else if (target.closest(".phone") && !target.closest("summary, label")) this.show("miss")
  }

  // The script of gestures is fetched when the reader comes near.
  awaitReader() {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      observer.disconnect()
      import("../practice/gestures.js")
    }, { rootMargin: "600px" })
    observer.observe(this)
  }

  // A gesture on a widget, or a missed one; see practice/gestures.js.
  act(place) {
    this.show(place < 0 ? "miss" : this.noteOf(String(place)))
  }

  // A widget's own note, or that of every widget that leads nowhere. A tap where a gesture is expected has one of its own.
  noteOf(place, tapped) {
    if (place === this.dataset.expected) return this.note(tapped) ? tapped : "right"
    return ["stay " + place, "idle " + place, "idle"].find((key) => this.note(key)) || "miss"
  }

  note(key) {
    return this.querySelector(`[data-note="${key}"]`)
  }

  show(key) {
    this.querySelectorAll("[data-note]").forEach((note) => { note.hidden = note.dataset.note !== key })
    this.note(key).scrollIntoView({ block: "nearest" }) // the answer stands under the phone, often below the fold
    announce(this.note(key).textContent)
  }
}

customElements.define("inline-screen", InlineScreen)
