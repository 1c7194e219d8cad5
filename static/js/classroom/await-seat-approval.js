// <await-seat-approval data-url="…">: waits until the facilitator gives the seat back or refuses, then opens the class.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { poll } from "../lib/network.js"

const POLL = 3000   // ms
const TIMEOUT = 15000 // ms

class AwaitSeatApproval extends HTMLElement {
  connectedCallback() {
    poll(() => this.check(), POLL)
  }

  async check() {
    const { url } = this.dataset
    const claimUrl = `${url}/toi-da-vao`
    const { status, waiting, seat } = await fetchWithTimeout(TIMEOUT, claimUrl, { headers: { Accept: "application/json" } }, readClaim)
    if (status === 410) location.assign(url)
    else if (status === 200 && !waiting) location.assign(seat ? url : claimUrl)
    else return true
    return false
  }
}

async function readClaim(response) {
  return Object.assign({ status: response.status }, response.status === 410 ? {} : await response.json())
}

customElements.define("await-seat-approval", AwaitSeatApproval)
