// Pages of the desk, drawn anew in parts: the words come from the server, this only puts them where they belong, and
// never while a finger is down.
import { fetchWithin } from "../lib/patience.js"

const PATIENCE = 10000
const AFTER_A_TOUCH = 350
const TOKEN = /name="csrf_token" value="[^"]*"/g

let down = false
let touchedAt = Date.now()

for (const [name, is] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
  document.addEventListener(name, () => {
    down = is
    touchedAt = Date.now()
  }, { passive: true, capture: true })
}
document.addEventListener("scroll", () => { touchedAt = Date.now() }, { passive: true, capture: true })

export const sinceTouched = () => Date.now() - touchedAt

// Resolves when no finger is on the glass, nor has just left it: its click is still to come.
export function fingersOff() {
  return new Promise((resolve) => {
    const look = () => {
      if (!down && sinceTouched() > AFTER_A_TOUCH) resolve()
      else setTimeout(look, 100)
    }
    look()
  })
}

// The page at the address, or what a form's post led to; null when the line is down or the server busy.
export async function fetchPage(address, form) {
  const post = form && { method: "POST", body: new URLSearchParams(new FormData(form)) }
  try {
    return await fetchWithin(PATIENCE, address, { headers: { Accept: "text/html" }, ...post }, readPage)
  } catch (lost) {
    return null
  }
}

async function readPage(response) {
  if (response.status >= 500) return null
  return { ok: response.ok, page: new DOMParser().parseFromString(await response.text(), "text/html") }
}

// Two renderings say the same when they differ in nothing but the forms' tokens.
export const sameWords = (one, other) => one.replace(TOKEN, "") === other.replace(TOKEN, "")

// Every part that says something else now. What had the focus keeps it: by what it is for, since what stands beside
// it comes and goes. When it is gone itself, the way on has it, wherever that was drawn.
export function drawParts(page) {
  document.querySelectorAll("[data-part]").forEach((part) => {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`)
    if (fresh && !sameWords(part.innerHTML, fresh.innerHTML)) replace(part, fresh)
  })
}

function replace(part, fresh) {
  const had = part.contains(document.activeElement) && useOf(document.activeElement)
  part.innerHTML = fresh.innerHTML
  if (!had) return
  const same = Array.from(part.querySelectorAll("a, button, input:not([type=hidden])")).find((one) => useOf(one) === had)
  const next = same || document.querySelector("[data-on]")
  if (next) next.focus({ preventScroll: true })
}

// The big button is one and the same whatever it says; else a link is where it leads, a button what it says.
function useOf(control) {
  const way = control.closest("[data-way]")
  return (way && way.dataset.way) || control.getAttribute("href") || control.name || control.textContent.trim()
}

export function setNumber(name, value) {
  document.querySelectorAll(`[data-number="${name}"]`).forEach((element) => {
    if (element.textContent !== String(value)) element.textContent = value
  })
}

// How the line is, in words at the head of the page: "good", else weak.
export function sayLine(how) {
  const line = document.querySelector("[data-line-words]")
  line.hidden = false
  line.textContent = how === "good" ? line.dataset.good : line.dataset.weak
  line.classList.toggle("top__line--weak", how !== "good")
}

// From now on as the stream finds it.
export function followLine() {
  const root = document.documentElement
  new MutationObserver(() => sayLine(root.dataset.line)).observe(root, { attributes: true, attributeFilter: ["data-line"] })
}
