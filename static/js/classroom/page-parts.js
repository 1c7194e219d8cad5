// Pages of the desk and of helpers, updated in parts: the server renders the page, the script replaces what changed,
// never while a finger is down.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 10000
const CLICK_DELAY = 350 // ms from lifting the finger to its click
const CSRF_TOKEN = /name="csrf_token" value="[^"]*"/g

let isDown = false
let touchedAt = Date.now()

for (const [name, down] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
  document.addEventListener(name, () => {
    isDown = down
    touchedAt = Date.now()
  }, { passive: true, capture: true })
}
document.addEventListener("scroll", () => { touchedAt = Date.now() }, { passive: true, capture: true })

export const sinceTouched = () => Date.now() - touchedAt

export function untilNotTouched() {
  return new Promise((resolve) => {
    const look = () => {
      if (!isDown && sinceTouched() > CLICK_DELAY) resolve()
      else setTimeout(look, 100)
    }
    look()
  })
}

// The page at `url`, or the one that posting `form` led to, as {ok, page}. Throws when the network is down or the
// server busy.
export function fetchPage(url, form) {
  const post = form && { method: "POST", body: new URLSearchParams(new FormData(form)) }
  return fetchWithTimeout(TIMEOUT, url, { headers: { Accept: "text/html" }, ...post }, readPage)
}

async function readPage(response) {
  if (response.status >= 500) throw response.status
  return { ok: response.ok, page: new DOMParser().parseFromString(await response.text(), "text/html") }
}

// Two renderings are the same when they differ in nothing but CSRF tokens.
export const isSameHtml = (one, other) => one.replace(CSRF_TOKEN, "") === other.replace(CSRF_TOKEN, "")

// Replace every [data-part] that changed. The focus stays on the control of the same purpose; where that is gone, it
// moves to the button for the next step.
export function updateParts(page) {
  document.querySelectorAll("[data-part]").forEach((part) => {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`)
    if (fresh && !isSameHtml(part.innerHTML, fresh.innerHTML)) replace(part, fresh)
  })
}

function replace(part, fresh) {
  const purpose = part.contains(document.activeElement) && purposeOf(document.activeElement)
  const folds = Array.from(part.querySelectorAll("details[id]"), ({ id, open }) => [id, open])
  part.innerHTML = fresh.innerHTML
  folds.forEach(([id, open]) => {
    const fold = document.getElementById(id)
    if (fold) fold.open = open
  })
  if (!purpose) return
  const controls = Array.from(part.querySelectorAll("a, button, input:not([type=hidden])"))
  const next = controls.find((control) => purposeOf(control) === purpose) || document.querySelector("[data-next-step]")
  if (next) next.focus({ preventScroll: true })
}

// The button for the next step stays the same whatever it says; else a link is its address, a button its text.
function purposeOf(control) {
  const action = control.closest("[data-action]")
  return (action && action.dataset.action) || control.getAttribute("href") || control.name || control.textContent.trim()
}

export function showNumber(name, value) {
  document.querySelectorAll(`[data-number="${name}"]`).forEach((element) => {
    if (element.textContent !== String(value)) element.textContent = value
  })
}

// The quality of the network in words, in the header: "good" or "weak".
export function showConnection(quality) {
  const line = document.querySelector("[data-connection-text]")
  line.hidden = false
  line.textContent = quality === "good" ? line.dataset.good : line.dataset.weak
  line.classList.toggle("desk-header__network--weak", quality !== "good")
}

// From now on as the class stream finds it.
export function followConnection() {
  const root = document.documentElement
  const observer = new MutationObserver(() => showConnection(root.dataset.connection))
  observer.observe(root, { attributes: true, attributeFilter: ["data-connection"] })
}
