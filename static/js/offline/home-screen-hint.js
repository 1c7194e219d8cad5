// <home-screen-hint>: shown where the site can be put on the home screen and is not there yet. Chrome hands over its own
// question; elsewhere the words say where to tap.
const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone
const hint = document.querySelector("home-screen-hint")
const agent = navigator.userAgent
const phone = /iPhone|iPad/.test(agent) ? "iphone" : /Android/.test(agent) ? "android" : ""

function show(selector) {
  if (isInstalled) return
  hint.hidden = false
  hint.querySelectorAll("[data-install], [data-phone]").forEach((part) => { part.hidden = !part.matches(selector) })
}

if (phone) show(`[data-phone=${phone}]`)

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault()
  show("[data-install]")
  hint.querySelector("[data-install] button").addEventListener("click", () => {
    event.prompt()
    hint.hidden = true
  }, { once: true })
})
