// The desk of a class: commands without leaving the page, live numbers, the keys of a laptop or a clicker.
// Every command says where it was given from, so that sent twice, or by two at once, it moves the class once.
import { sayAloud } from "../lib/aloud.js"
import { stayAwake } from "../lib/awake.js"
import { openStream } from "../lib/stream.js"
import { drawParts, fetchPage, fingersOff, followLine, sayLine, setNumber } from "./parts.js"
import { countRows } from "./rows.js"

const KEYS = {
  " ": "next", ArrowRight: "next", PageDown: "next",
  ArrowLeft: "back", PageUp: "back",
  b: "pause", B: "pause", ".": "pause",
}
const PAUSES = [1000, 2000, 4000, 8000] // between the attempts of a command while the line is down
const MOST_TURNS = 8 // a server that stumbles over a command will do so again
const WAITING = 2500 // nothing has come back yet: the button says so, or it is pressed again and again
const SETTLING = 900 // the button says something new by somebody else's hand: a tap meant for the old word is let go

const desk = document.querySelector("[data-desk]")
let drawn = desk.dataset.drawn
let busy = false
let sent = 0 // commands so far: a page that was asked for before the last of them is old
let settled = 0
let catching = false
let again = false // something was heard while that could not be drawn

// What led here was said once; without a mark of it in the address no later page says it again.
if (location.search) history.replaceState(null, "", location.pathname)

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-command], [data-act]")
  if (!form) return
  event.preventDefault()
  if (busy || (form.hasAttribute("data-on-form") && Date.now() < settled)) return
  send(form)
})

document.addEventListener("keydown", (event) => {
  const way = KEYS[event.key]
  if (!way || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
  const { target } = event
  if (target.closest("input, select, textarea, [contenteditable]")) return
  if (event.key === " " && target.closest("button, a, summary")) return // presses what it stands on
  event.preventDefault()
  press(way)
})

// A laptop that mirrors its screen has the wall in front: the wall's tab hears the keys and leaves word here. On one that
// has a screen beside it this tab stays in sight, and shows that a wall is there as soon as it is.
window.addEventListener("storage", ({ key, newValue }) => {
  if ((key !== "lop-phim" && key !== "lop-chieu") || !newValue) return
  const [id, word] = JSON.parse(newValue)
  if (id !== desk.dataset.class) return
  if (key === "lop-phim") press(word)
  else catchUp()
})

function press(way) {
  const button = document.querySelector(`[data-way="${way}"] button, [data-way-too="${way}"] button`)
  if (button) button.click() // what asks first is a link, and wants a finger
}

async function send(form) {
  busy = true
  sent += 1
  form.setAttribute("aria-busy", "true")
  const clock = setTimeout(sayWaiting, WAITING, true)
  for (let turn = 0; ; turn += 1) {
    const found = await fetchPage(form.action, form)
    if (found) {
      show(found)
      break
    }
    sayLine("weak")
    sayWaiting(true)
    if (turn === MOST_TURNS) return location.reload()
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(turn, PAUSES.length - 1)]))
  }
  clearTimeout(clock)
  sayWaiting(false)
  form.removeAttribute("aria-busy")
  busy = false
  if (again) catchUp()
}

// Above the buttons that stay in sight: the head of the page may have been scrolled away.
function sayWaiting(isWaiting) {
  const words = document.querySelector("[data-waiting]")
  words.textContent = isWaiting ? words.dataset.waiting : ""
}

function show({ ok, page }) {
  const fresh = page.querySelector("[data-desk]")
  if (!ok || !fresh) {
    location.reload() // the class was closed, or this page belongs to nobody who may: the server says which
    return
  }
  const isElsewhere = desk.dataset.step !== fresh.dataset.step
  drawn = fresh.dataset.drawn
  desk.dataset.step = fresh.dataset.step
  drawParts(page)
  // The button says what comes next; whoever listens hears what the room sees by now, whoever moved it.
  if (isElsewhere) sayAloud(Array.from(desk.querySelectorAll(".desk__label, .seen__title"), (one) => one.textContent).join(". "))
}

// What moved the class came from elsewhere: from a helper, from another desk, from the phones. One look at a time, and
// none that began before a command is drawn: it would show the step that the class has just left.
async function catchUp() {
  if (catching || busy) {
    again = true
    return
  }
  catching = true
  again = false
  const since = sent
  const found = await fetchPage(location.href)
  await fingersOff()
  catching = false
  if (found && !busy && sent === since) {
    const fresh = found.page.querySelector("[data-desk]")
    if (fresh && fresh.dataset.step !== desk.dataset.step) settled = Date.now() + SETTLING
    show(found)
  } else again = true
  if (again && !busy) setTimeout(catchUp, found ? 0 : PAUSES[1])
}

openStream(desk.dataset.stream, (state) => {
  if (state.refused || state.closed) return location.reload()
  setNumber("machines", state.machines)
  setNumber("helps", state.stuck_list.length + state.claims.length)
  if (state.answers) setNumber("given", state.answers.given)
  if (drawnKey(state) !== drawn) catchUp()
  else countRows(state)
})

// Changes when the page must be drawn anew; `drawn_key` in desk_page.py is its sister.
function drawnKey({ v, claims, stuck, crowd }) {
  return `${v}/${claims.map(({ seat }) => seat).join("-")}/${stuck || ""}/${crowd}`
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") catchUp()
})

followLine()
stayAwake()
