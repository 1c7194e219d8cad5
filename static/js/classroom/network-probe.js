// <network-probe data-phone="…">: a phone measures the network of a hall and sends the median of a few round trips,
// every half minute while the page is open, so that many phones ask at once as in class. Once the class is open, the page
// leads there.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { poll } from "../lib/network.js"
import { keepScreenOn } from "../lib/wake-lock.js"

const ROUND_TRIPS = 5
const POLL = 30000  // ms
const TIMEOUT = 15000 // ms

class NetworkProbe extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.phone) return
    keepScreenOn()
    poll(() => this.report(), POLL, 0)
  }

  async report() {
    const form = this.querySelector("form")
    const body = new URLSearchParams(new FormData(form))
    body.append("ms", await median())
    const request = { method: "POST", headers: { Accept: "application/json" }, body }
    const { status, isOpen } = await fetchWithTimeout(TIMEOUT, form.action, request, async (response) => (
      { status: response.status, isOpen: response.ok && (await response.json()).class_is_open }
    ))
    if (status !== 404 && !isOpen) return true
    location.reload() // the check is over, or the class is open
    return false
  }
}

async function median() {
  const durations = []
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) durations.push(await roundTrip())
  return durations.sort((one, other) => one - other)[Math.floor(ROUND_TRIPS / 2)]
}

// In milliseconds; TIMEOUT when no response came.
async function roundTrip() {
  const begun = performance.now()
  try {
    await fetchWithTimeout(TIMEOUT, "/thu-truoc-gio/nhip?" + begun, { cache: "no-store" }, () => null)
  } catch (error) {
    return TIMEOUT
  }
  return Math.round(performance.now() - begun)
}

customElements.define("network-probe", NetworkProbe)
