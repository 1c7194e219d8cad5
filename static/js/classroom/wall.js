// The wall: whenever the class moves, the server draws the board anew; in between only numbers change. It shows and
// may do nothing: the clicker's keys are handed to the desk in another tab of this browser, which has the right.
import { stayAwake } from "../lib/awake.js"
import { fetchWithin } from "../lib/patience.js"
import { openStream } from "../lib/stream.js"
import { fitBoard } from "./fitted.js"
import { showStands } from "./stands.js"

const PERSIST = 1500      // ms until a board that did not come is asked for again
const PATIENCE = 8000     // ms for one board
const REFUSED = 5000
const AFTER = 20000       // between two looks of a wall whose class is over
const KEYS = {
  next: [" ", "Enter", "PageDown", "ArrowRight", "ArrowDown"],
  back: ["PageUp", "ArrowLeft", "ArrowUp", "Backspace"],
  pause: ["b", "B", "."],
}
const wall = document.querySelector("[data-wall]")
const room = () => wall.querySelector("[data-room]")
const find = (name) => wall.querySelector("[data-" + name + "]")
let shown = JSON.parse(room().dataset.snapshot)
let wanted = shown
let busy = false
let timer = 0

openStream(wall.dataset.stream, (state) => {
  if (state.refused) return setTimeout(() => location.reload(), REFUSED)   // it shows another class by now, or none
  wanted = Object.assign({}, state)
  if (state.closed) lookAfter()
  return follow()
})

// A class that was closed by mistake may go on, and one that is over for long leaves the wall to the next.
function lookAfter() {
  setTimeout(async () => {
    try {
      const fresh = (await fetchWall()).querySelector("[data-room]")
      if (!(fresh && JSON.parse(fresh.dataset.snapshot).closed)) return location.reload()
    } catch (lost) {
      // The line is down; the next look may get through.
    }
    return lookAfter()
  }, AFTER * (0.8 + 0.4 * Math.random()))
}

const fetchWall = () => fetchWithin(PATIENCE, "/chieu", { headers: { Accept: "text/html" } }, async (response) => {
  if (!response.ok) throw response.status
  return new DOMParser().parseFromString(await response.text(), "text/html")
})

function follow() {
  if (boardOf(wanted) === boardOf(shown)) return showNumbers(wanted)
  return draw()
}

// Whatever changes what stands on the board, but for the numbers that move by themselves.
function boardOf({ step, phase, round, paused, gate, demo, demo_of: stuck, closed, answers, wifi, shut }) {
  return JSON.stringify([step, phase, round, paused, gate, demo, stuck, closed, shut, phase === "shown" && answers, step === "vao" && wifi])
}

async function draw() {
  if (busy) return
  busy = true
  clearTimeout(timer)
  const asked = boardOf(wanted)
  try {
    const place = (await fetchWall()).querySelector("[data-wall]")
    // This projector shows another class by now, or none: with another stream, and keys that steer that one.
    if (!place || place.dataset.wall !== wall.dataset.wall) return location.reload()
    show(place.querySelector("[data-room]"))
  } catch (lost) {
    // What stands there stays; the next try brings what is true then.
  }
  busy = false
  // The class went on meanwhile, or the line was down.
  if (boardOf(wanted) !== boardOf(shown)) timer = setTimeout(follow, boardOf(wanted) === asked ? PERSIST : 0)
  else showNumbers(wanted)
}

function show(fresh) {
  const before = room()
  const copy = document.importNode(fresh, true)
  before.parentNode.replaceChild(copy, before)
  shown = JSON.parse(copy.dataset.snapshot)
  document.querySelector("[data-live]").textContent = copy.querySelector("h1").textContent
  fit()
}

function showNumbers(state) {
  wall.querySelectorAll("[data-machines]").forEach((place) => { place.textContent = state.machines })
  const given = (state.answers || {}).given || 0
  if (find("given")) find("given").textContent = given
  if (find("track")) {
    find("track").setAttribute("width", (state.machines ? Math.min(100, (100 * given) / state.machines) : 0) + "%")
  }
  if (find("stands")) {
    showStands(find("stands"), find("phones-title"), state)
    fit()
  }
  if (find("newest")) showNewest(state.newest || [])
}

function showNewest(newest) {
  const list = find("newest")
  const have = Array.from(list.children).map((seat) => seat.textContent).join()
  if (have === newest.map(([number]) => number).join()) return
  list.innerHTML = ""
  newest.forEach(([number, name, slug]) => {
    const seat = document.createElement("li")
    const picture = new Image(120, 120)
    seat.className = "in__seat"
    picture.className = "in__pic"
    picture.alt = name
    picture.src = wall.dataset.pictures + slug + ".svg"
    seat.append(picture, String(number))
    list.append(seat)
  })
}

function fit() {
  fitBoard(wall.querySelector(".wall__board"))
  scrollToPointed()
}

// A screen that is longer than the drawn phone scrolls, as phones do, to what is shown.
function scrollToPointed() {
  const frame = find("scroll")
  const pointed = frame && frame.querySelector(".pointed")
  if (!frame) return
  const box = frame.getBoundingClientRect()
  const target = pointed ? pointed.getBoundingClientRect() : box
  if (target.bottom > box.bottom - box.height * 0.12) frame.scrollTop += target.bottom - box.top - box.height * 0.7
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("button") || event.ctrlKey || event.altKey || event.metaKey) return
  const deed = Object.keys(KEYS).find((name) => KEYS[name].indexOf(event.key) >= 0)
  if (!deed) return
  event.preventDefault()
  tellDesk("lop-phim", deed)
})

tellDesk("lop-chieu", "open")

// The desk in another tab of this browser, if it is there. The time makes each word a new one.
function tellDesk(key, word) {
  try {
    localStorage.setItem(key, JSON.stringify([wall.dataset.wall, word, Date.now()]))
  } catch (refused) {
    // Without storage there is no way to the desk; its own page has the same buttons.
  }
}

const full = document.querySelector("[data-full]")
if (document.documentElement.requestFullscreen) {
  full.hidden = false
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen()
    else document.documentElement.requestFullscreen()
  })
}

window.addEventListener("resize", fit)
stayAwake()
fit()
