// The page in place of a result that needs a network: once everything that waits was sent, the result is opened.
import { sendPending } from "./send-pending.js"

const PAUSE = 10000 // ms, after what failed
let timer = 0

async function openResult() {
  clearTimeout(timer)
  try {
    const isReached = await sendPending() && (await fetch(location.href, { method: "HEAD" })).status < 500
    if (isReached) return location.reload()
  } catch (offline) {
    // The next try may get through.
  }
  timer = setTimeout(openResult, PAUSE)
  return undefined
}

window.addEventListener("online", openResult)
openResult()
