// The logs of practices that were done without a network and left: sent from whatever page is open when there is one.
// The page of an attempt sends its own.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const PREFIX = "luot-"
const SENT = "da-gui" // {attempt: number of the last event that the server has}
const BATCH = 200
const TIMEOUT = 20000 // ms

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) || otherwise
  } catch (unreadable) {
    return otherwise
  }
}

// Every log in turn. One that is refused belongs to another learner of this phone, and stays for the page of its attempt.
// Throws when the server was not reached.
export async function sendLogs() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const id = key.slice(PREFIX.length)
    if (location.pathname !== `/toi/luot/${id}`) await sendLog(id, read(key, []))
  }
}

async function sendLog(id, log) {
  const last = log.length ? log[log.length - 1][0] : 0
  let sent = read(SENT, {})[id] || 0
  while (sent < last) {
    const events = log.filter(([number]) => number > sent).slice(0, BATCH)
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ events }) }
    const receipt = await fetchWithTimeout(TIMEOUT, `/toi/luot/${id}/su-kien`, request, readReceipt)
    const isRefused = !receipt || receipt.kept <= sent
    sent = isRefused ? last : receipt.kept
    const all = Object.assign(read(SENT, {}), { [id]: sent })
    if (receipt && receipt.ended) {
      localStorage.removeItem(PREFIX + id)
      delete all[id]
      sent = last
    }
    localStorage.setItem(SENT, JSON.stringify(all))
  }
}

function readReceipt(response) {
  if (response.ok) return response.json()
  if (response.status >= 500) throw response.status
  return null
}
