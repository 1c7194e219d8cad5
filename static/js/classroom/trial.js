// The trial of a hall's network, for whoever stands there: what the phones found, every few seconds.
import { stayAwake } from "../lib/awake.js"

const ASK = 4000

async function look() {
  try {
    const response = await fetch("/thu-truoc-gio", { headers: { Accept: "text/html" } })
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    const fresh = page.querySelector("[data-part=found]")
    if (!fresh) return location.reload()   // two hours are over, or signed out
    const before = document.querySelector("[data-part=found]")
    if (before.innerHTML !== fresh.innerHTML) before.innerHTML = fresh.innerHTML
  } catch (lost) {
    // The numbers stay; the next look may get through.
  }
  return setTimeout(look, ASK * (0.8 + 0.4 * Math.random()))
}

stayAwake()
setTimeout(look, ASK)
