// <before-class-checklist>: the checklist before a class gets boxes to tick. The ticks stay in this browser, for the day.
const KEY = "truoc-gio"

class BeforeClassChecklist extends HTMLElement {
  connectedCallback() {
    const ticked = this.storedTicks()
    this.querySelectorAll("[data-check]").forEach((item) => {
      const label = document.createElement("label"), box = document.createElement("input")
      label.className = "desk__choice"
      box.className = "choice__tick"
      box.type = "checkbox"
      box.value = item.dataset.check
      box.checked = ticked.includes(box.value)
      label.append(box, ...item.childNodes)
      item.append(label)
    })
    this.querySelector("[data-ticked]").hidden = false
    this.addEventListener("change", () => this.store())
  }

  storedTicks() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY))
      return kept && kept.day === this.today() && Array.isArray(kept.ticked) ? kept.ticked : []
    } catch (error) {
      return [] // a browser without storage, or something else under the key
    }
  }

  store() {
    const ticked = [...this.querySelectorAll("input:checked")].map((box) => box.value)
    try {
      localStorage.setItem(KEY, JSON.stringify({ day: this.today(), ticked }))
    } catch (error) {
      // without storage the ticks last as long as the page
    }
  }

  today() {
    return new Date().toDateString()
  }
}

customElements.define("before-class-checklist", BeforeClassChecklist)
