// <real-device-steps data-version="…">: the cards of làm thật. Their ticks stay on this phone, for a day, and for the person
// who uses it now; nothing is sent.
import { StoredObject, currentPerson, scrollToNextTask } from "../lib/stored-ticks.js"

const LIFETIME = 24 * 3600 * 1000 // ms
const PREFIX = "lam-that-"

class RealDeviceSteps extends HTMLElement {
  connectedCallback() {
    this.boxes = Array.from(this.querySelectorAll("input"))
    removeOutdated()
    this.kept = new StoredObject(`${PREFIX}${currentPerson()}-${location.pathname}`)
    const { version, ticked } = this.kept.read()
    const known = version === this.dataset.version && Array.isArray(ticked) ? ticked : []
    this.boxes.forEach((box) => {
      box.autocomplete = "off" // the browser would bring back ticks that may be another person's
      if (known.includes(box.id)) box.checked = true
    })
    this.addEventListener("change", () => this.storeTicks())
    if (this.boxes.some((box) => box.checked)) this.storeTicks() // a tick may have been faster than this script
    scrollToNextTask(() => this.next)
  }

  storeTicks() {
    const ticked = this.boxes.filter((box) => box.checked).map((box) => box.id)
    this.kept.write(ticked.length ? { version: this.dataset.version, keptAt: Date.now(), ticked } : {})
  }

  // The first card that is not ticked, once one is.
  get next() {
    const open = this.boxes.some((box) => box.checked) && this.boxes.find((box) => !box.checked)
    return open ? open.closest(".real-device") : null
  }
}

// Of all practices, when any of their pages is opened.
function removeOutdated() {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
      const kept = new StoredObject(key)
      if (!(Date.now() - kept.read().keptAt < LIFETIME)) kept.write({})
    })
  } catch (refused) {
    // Without storage there is nothing to remove.
  }
}

customElements.define("real-device-steps", RealDeviceSteps)
