// What a page does for the time without a network: it registers the service worker, and has what waits on this phone sent.
// Loaded after the page, where the browser has service workers.
const { serviceWorker } = navigator

async function send() {
  try {
    (await import("./sender.js")).send()
  } catch (offline) {
    // When the line is back this is called again.
  }
}

// Whoever is here for the first time has no worker yet, and nothing that waits.
function mayHaveWork() {
  try {
    return serviceWorker.controller || Object.keys(localStorage).some((key) => /^(viec|luot)-/.test(key))
  } catch (refused) {
    return false
  }
}

serviceWorker.register("/sw.js").catch(() => {}) // refused: the site works as it does without
addEventListener("online", send)
if (mayHaveWork()) send()
if (document.querySelector("home-screen-hint")) import("./home-screen-hint.js")
if (document.querySelector("[data-kept-answers]")) import("./kept-answers.js").then(({ showKept }) => showKept())
