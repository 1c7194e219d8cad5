// What a page does for the time without a network: it registers the service worker, and has what waits on this phone sent.
// Loaded after the page, where the browser has service workers.
const { serviceWorker } = navigator

async function sendPendingNow() {
  try {
    (await import("./send-pending.js")).sendPending()
  } catch (offline) {
    // When the line is back this is called again.
  }
}

// Whoever is here for the first time has no worker yet, and nothing that waits.
function mayHavePending() {
  try {
    return serviceWorker.controller || Object.keys(localStorage).some((key) => /^(viec|luot)-/.test(key))
  } catch (refused) {
    return false
  }
}

serviceWorker.register("/sw.js").catch(() => {}) // refused: the site works as it does without
addEventListener("online", sendPendingNow)
if (mayHavePending()) sendPendingNow()
if (document.querySelector("home-screen-hint")) import("./home-screen-hint.js")
if (document.querySelector("[data-kept-answers]")) import("./stored-answers.js").then(({ showStoredAnswers }) => showStoredAnswers())
