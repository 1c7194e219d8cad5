// <wall-mirror data-url="…">: what the wall shows at a slide or a demonstration, folded on a phone. It is fetched only
// while it is unfolded; the desk unfolds it on all phones when the projector fails.
import { announce } from "../lib/announce.js"
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 10000 // ms
const RETRY = 3000  // ms
const SPREAD = 800  // ms over which the phones of a hall fetch it when the desk shows it on all

class WallMirror extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details")
    this.content = this.querySelector("[data-projected]")
    this.shown = this.dataset.key
    this.wanted = this.shown
    this.isOnPhones = this.dataset.onPhones === "true"
    this.timer = 0
    this.details.addEventListener("toggle", () => this.update(0))
  }

  show({ kind, step, demo, on_phones: isOnPhones }) {
    const isThere = kind === "slide" || kind === "demo"
    this.hidden = !isThere
    this.wanted = isThere ? `${step}/${demo}` : ""
    if (isOnPhones !== this.isOnPhones) this.details.open = isOnPhones
    this.isOnPhones = isOnPhones
    this.update(isOnPhones ? SPREAD * Math.random() : 0)
  }

  update(milliseconds) {
    clearTimeout(this.timer)
    if (this.details.open && this.wanted && this.wanted !== this.shown) this.timer = setTimeout(() => this.load(), milliseconds)
  }

  // The page before stays until this one is there.
  async load() {
    const { wanted } = this
    try {
      const { key, html } = await fetchWithTimeout(TIMEOUT, this.dataset.url, { headers: { Accept: "application/json" } }, readPage)
      if (key !== this.shown) {
        this.content.innerHTML = html
        this.shown = key
        const title = this.content.querySelector("h2")
        if (title) announce(title.innerText)
      }
      if (this.wanted !== wanted) this.update(0) // the class moved on meanwhile
    } catch (error) {
      this.update(RETRY)
    }
  }
}

function readPage(response) {
  if (!response.ok) throw response.status
  return response.json()
}

customElements.define("wall-mirror", WallMirror)
