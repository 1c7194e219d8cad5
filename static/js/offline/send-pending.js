// Has everything that waits on this phone sent when there is a network. Loaded where something may wait; see start.js.
const { serviceWorker } = navigator
const PAUSE = 10000 // ms, after what failed
let timer = 0
let sending = null

// Whether nothing waits any more. One run at a time.
export function sendPending() {
  if (!sending) sending = sendAll().finally(() => { sending = null })
  return sending
}

// One after the other: the first post of a phone sets the cookie that the next one carries.
async function sendAll() {
  clearTimeout(timer)
  if (!navigator.onLine) return false
  try {
    if (serviceWorker.controller) await sendOutbox()
    if (hasPending("viec-")) await (await import("./pending-ticks.js")).sendTicks()
    if (hasPending("luot-")) await (await import("./practice-logs.js")).sendLogs()
    return true
  } catch (offline) {
    sendPendingLater()
    return false
  }
}

function sendOutbox() {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => (data.isSent ? resolve() : reject())
    serviceWorker.controller.postMessage("send", [port2])
  })
}

export function sendPendingLater() {
  clearTimeout(timer)
  timer = setTimeout(sendPending, PAUSE)
}

// Whether there is work under keys with this prefix. The pages of an attempt and of tasks send their own.
function hasPending(prefix) {
  const isOwn = (key) => key.endsWith(location.pathname) || location.pathname.endsWith(key.slice(prefix.length))
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(prefix) && localStorage[key] !== "[]" && !isOwn(key))
  } catch (refused) {
    return false
  }
}
