// Sending a form without leaving the page, and again when the line was down. What is sent is read from the form each
// time, so that a change of mind meanwhile counts.
import { fetchWithin, isHurried } from "./patience.js"

const PAUSES = [1500, 3000, 6000, 12000, 20000]
const PATIENCE = 15000
const SOON = 500 // while a line that died is being left: the next try may have a living one
const SOON_TURNS = 6
const BACK = ["online", "lineback"] // the browser says the one, the class's stream the other
const LOST = {}, AGAIN = {}

// The JSON answer; {error} when the server refused; null when only the page itself can tell.
export async function postForm(form, whenLost) {
  for (let turn = 0; ; turn += 1) {
    const answer = await post(form)
    if (answer !== LOST && answer !== AGAIN) return answer
    whenLost()
    const isSoon = answer === AGAIN || (isHurried() && turn < SOON_TURNS)
    await pause(isSoon ? SOON : PAUSES[Math.min(turn, PAUSES.length - 1)])
  }
}

// What is still on its way when the line is back went out on one that died: however often it was lost before, it goes
// again soon.
async function post(form) {
  const stop = new AbortController()
  let failed = LOST
  const giveUp = () => {
    failed = AGAIN
    stop.abort()
  }
  const sent = { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)) }
  window.addEventListener("lineback", giveUp)
  try {
    return await fetchWithin(PATIENCE, form.action, sent, read, stop)
  } catch (lost) {
    return failed
  } finally {
    window.removeEventListener("lineback", giveUp)
  }
}

async function read(response) {
  if (response.status >= 500) return LOST
  const type = response.headers.get("Content-Type") || ""
  return type.startsWith("application/json") ? response.json() : null
}

// Until the time is over or the line is back, whichever comes first.
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
    BACK.forEach((name) => window.addEventListener(name, resolve, { once: true }))
  })
}
