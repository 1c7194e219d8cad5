// What a page does for the time without a network: it registers the service worker, and has everything that waits on
// this phone sent when there is a network. Loaded after the page, where the browser has service workers.
const { serviceWorker } = navigator
const PAUSE = 10000 // ms, after what failed
let timer = 0

function send() {
  clearTimeout(timer)
  if (!navigator.onLine) return
  if (hasLogs()) import("./practice-logs.js").then(({ sendLogs }) => sendLogs()).catch(sendLater)
  if (serviceWorker.controller) sendOutbox()
}

function sendOutbox() {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => { if (!data.isSent) sendLater() }
  serviceWorker.controller.postMessage("send", [port2])
}

export function sendLater() {
  clearTimeout(timer)
  timer = setTimeout(send, PAUSE)
}

// The page of an attempt sends its own log.
function hasLogs() {
  try {
    return Object.keys(localStorage).some((key) => (
      key.startsWith("luot-") && localStorage[key] !== "[]" && !location.pathname.includes(key.slice(5))
    ))
  } catch (refused) {
    return false
  }
}

serviceWorker.register("/sw.js").catch(() => {}) // refused: the site works as it does without
window.addEventListener("online", send)
send()
if (document.querySelector("home-screen-hint")) import("./home-screen-hint.js")
if (document.querySelector("[data-kept-answers]")) import("./kept-answers.js").then(({ showKept }) => showKept())
