// <class-wall data-stream="…">: what the projector shows. The server draws each board; in between only numbers change.
import { ClassStream } from "../lib/class-stream.js"
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { poll } from "../lib/network.js"
import { keepScreenOn } from "../lib/wake-lock.js"
import { Countdown, minutesAndSeconds, secondsLeft, showLastMinute } from "./countdown.js"
import { fitBoard, fitRow } from "./fit-board.js"
import { showScreenThumbs } from "./screen-counts.js"
import { actionOfKey, pressOnDesk } from "./wall-keys.js"
import { addFullScreenButton, hideRestingPointer, isFullScreen, isWallWindow } from "./wall-window.js"

const RETRY = 1500           // ms until a board that did not come is requested again
const TIMEOUT = 8000           // ms for one board
const RELOAD = 5000          // ms
const CLOSED_POLL = 20000    // ms
const HINT_TIME = 12000      // ms for how to place the window
const NOTE_TIME = 3000       // ms for why a key did nothing
const OPENED = "lop-chieu"   // localStorage key: the desk in another tab shows at once that a wall was opened
const OVER = -1              // a break that has ended by itself
const ABOUT_CLASS = ["vao", "ket"] // steps whose boards tell of the class: hall, people, what comes next

class ClassWall extends HTMLElement {
  connectedCallback() {
    this.shown = JSON.parse(this.content.dataset.snapshot)
    this.wanted = this.shown
    this.isDrawing = false
    this.isWaiting = false // for a closed class to be reopened
    this.timer = 0
    this.break = new Countdown((left) => this.showBreak(left))
    this.lastMinute = new Countdown((left) => this.showLastMinute(left))
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
    document.addEventListener("keydown", (event) => this.onKey(event))
    window.addEventListener("resize", () => this.onResize())
    this.isPressing = false // a key's command is on its way
    addFullScreenButton()
    hideRestingPointer()
    this.tellDeskItOpened()
    if (isWallWindow() && !isFullScreen()) this.showNote("drag", HINT_TIME)
    keepScreenOn()
    this.fit()
    this.hideCodesLater()
  }

  disconnectedCallback() {
    this.stream.close()
  }

  get content() {
    return this.querySelector("[data-snapshot]")
  }

  find(name) {
    return this.querySelector(`[data-${name}]`)
  }

  receive(state) {
    if (state.refused) { // this projector shows another class by now, or none
      setTimeout(() => location.reload(), RELOAD)
      return
    }
    this.wanted = Object.assign({}, state)
    this.break.follow(state.closed ? null : state.break_until)
    this.lastMinute.follow(state.closed ? null : state.last_minute_until)
    if (state.closed && !this.isWaiting) {
      this.isWaiting = true
      poll(() => this.checkReopened(), CLOSED_POLL)
    }
    this.update()
  }

  // A class that was closed by mistake may be reopened, which the stream says as well; one that is closed for long leaves
  // the wall to the next.
  async checkReopened() {
    if (!this.wanted.closed) {
      this.isWaiting = false
      return false
    }
    const fresh = (await fetchWall()).querySelector("[data-snapshot]")
    if (fresh && JSON.parse(fresh.dataset.snapshot).closed) return true
    location.reload()
    return false
  }

  update() {
    if (boardKey(this.wanted) === boardKey(this.shown)) this.showNumbers(this.wanted)
    else this.draw()
  }

  async draw() {
    if (this.isDrawing) return
    this.isDrawing = true
    clearTimeout(this.timer)
    const requested = boardKey(this.wanted)
    try {
      const page = await fetchWall()
      const wall = page.querySelector("class-wall")
      if (!wall || wall.dataset.class !== this.dataset.class) { // another class: another stream, other keys
        location.reload()
        return
      }
      followHead(page)
      this.replaceContent(wall.querySelector("[data-snapshot]"))
    } catch (error) {
      // The old board stays; the next response brings the current one.
    }
    this.isDrawing = false
    const wanted = boardKey(this.wanted) // the class may have moved on meanwhile, or the network was down
    if (wanted !== boardKey(this.shown)) this.timer = setTimeout(() => this.update(), wanted === requested ? RETRY : 0)
    else this.showNumbers(this.wanted)
  }

  replaceContent(fresh) {
    const content = document.importNode(fresh, true)
    this.content.replaceWith(content)
    this.shown = JSON.parse(content.dataset.snapshot)
    document.querySelector("[data-live]").textContent = content.querySelector("h1").textContent
    this.showLastMinute(this.lastMinute.left)
    this.fit()
    this.hideCodesLater()
  }

  // How to join lies over the board for as long as the server says, and goes by itself.
  hideCodesLater() {
    clearTimeout(this.codesTimer)
    const codes = this.find("codes-seconds")
    if (codes) this.codesTimer = setTimeout(() => codes.remove(), codes.dataset.codesSeconds * 1000)
  }

  showBreak(left) {
    if (this.find("break-left") && left) this.find("break-left").textContent = minutesAndSeconds(left)
    if (left) return
    this.shown = Object.assign({}, this.shown, { break_until: OVER }) // the board of the break is old now
    this.update()
  }

  showLastMinute(left) {
    const line = this.find("last-minute")
    if (line && showLastMinute(line, left)) this.fit()
  }

  showNumbers(state) {
    const { machines } = state
    const given = (state.answers || {}).given || 0
    this.querySelectorAll("[data-machines]").forEach((element) => { element.textContent = machines })
    if (this.find("given")) this.find("given").textContent = given
    if (this.find("track")) this.find("track").setAttribute("width", `${machines ? Math.min(100, (100 * given) / machines) : 0}%`)
    if (this.find("thumbs")) {
      showScreenThumbs(this.find("thumbs"), this.find("thumbs-title"), state)
      this.fit()
    }
    if (this.find("newest")) this.showNewest(state.newest || [], machines)
  }

  // All seats as large as they fit, the newest first; what does not fit even small is counted at the end.
  showNewest(newest, machines, isNewSize = false) {
    const list = this.find("newest")
    const key = `${machines}:${newest.map(([number]) => number).join()}`
    if (list.dataset.shown === key && !isNewSize) return
    list.dataset.shown = key
    this.find("test-line").hidden = newest.length > 0
    const seats = newest.map((seat) => this.seatItem(seat))
    const more = document.createElement("li")
    more.className = "wall-arrivals__more"
    list.innerHTML = ""
    list.append(...seats, more)
    fitRow(list, seats, more, machines)
  }

  seatItem([number, name, slug]) {
    const seat = document.createElement("li")
    const emblem = new Image(120, 120)
    const label = document.createElement("span")
    seat.className = "wall-arrivals__seat"
    emblem.className = "wall-arrivals__emblem"
    emblem.alt = name
    if (document.documentElement.lang !== "vi") emblem.lang = "vi" // as it is called out in the room
    emblem.src = `${this.dataset.emblems}${slug}.svg`
    label.className = "wall-arrivals__number"
    label.textContent = number
    seat.append(emblem, label)
    return seat
  }

  // ---- layout

  fit() {
    this.querySelectorAll(".wall__board").forEach(fitBoard)
    if (this.find("newest")) this.showNewest(this.wanted.newest || [], this.wanted.machines, true)
    this.scrollToPointed()
  }

  // A screen that is longer than the drawn phone scrolls to what is pointed at.
  scrollToPointed() {
    const frame = this.find("scroll")
    const pointed = frame && frame.querySelector(".pointed")
    if (!pointed) return
    const box = frame.getBoundingClientRect(), target = pointed.getBoundingClientRect()
    if (target.bottom > box.bottom - box.height * 0.12) frame.scrollTop += target.bottom - box.top - box.height * 0.7
  }

  onResize() {
    if (isFullScreen()) this.hideNote("drag")
    this.fit()
  }

  // ---- for the person at the laptop

  showNote(name, milliseconds) {
    clearTimeout(this.noteTimer)
    const note = document.querySelector("[data-note]")
    note.dataset.note = name
    note.textContent = note.dataset[name]
    note.hidden = false
    this.makeRoomForHint(name === "drag")
    this.noteTimer = setTimeout(() => this.hideNote(name), milliseconds)
  }

  hideNote(name) {
    const note = document.querySelector("[data-note]")
    if (note.dataset.note !== name) return
    note.hidden = true
    this.makeRoomForHint(false)
  }

  // How to place the window stands above the board for long; the others are over in a moment and lie upon it.
  makeRoomForHint(isShown) {
    const { classList } = document.documentElement
    if (classList.contains("wall--placing") === isShown) return
    classList.toggle("wall--placing", isShown)
    this.fit()
  }

  async onKey(event) {
    const action = actionOfKey(event)
    if (!action || this.shown.closed) return
    event.preventDefault()
    if (event.repeat || this.isPressing) return
    this.isPressing = true
    const failure = await pressOnDesk(this.dataset.desk, action)
    this.isPressing = false
    if (failure) this.showNote(failure, NOTE_TIME)
  }

  // The time makes each value a new one, so that each opening is an event.
  tellDeskItOpened() {
    try {
      localStorage.setItem(OPENED, JSON.stringify([this.dataset.class, "open", Date.now()]))
    } catch (refused) {
      // No storage: the desk hears of it from its stream.
    }
  }
}

const fetchWall = () => fetchWithTimeout(TIMEOUT, "/chieu", { headers: { Accept: "text/html" } }, async (response) => {
  if (!response.ok) throw response.status
  return new DOMParser().parseFromString(await response.text(), "text/html")
})

// Another lesson may be of another app: its phones have other stylesheets. Loading the page anew would end full screen.
function followHead(page) {
  const sheetsOf = (head) => Array.from(head.querySelectorAll("link[rel=stylesheet]"))
  const fresh = sheetsOf(page.head), shown = sheetsOf(document.head)
  const last = shown[shown.length - 1]
  document.title = page.title
  for (const sheet of fresh) {
    if (!shown.some(({ href }) => href === sheet.href)) last.before(document.importNode(sheet))
  }
  for (const sheet of shown) {
    if (!fresh.some(({ href }) => href === sheet.href)) sheet.remove()
  }
}

// Changes when the board must be drawn anew; numbers that move by themselves do not count.
function boardKey({ v, lesson, step, phase, round, paused, gate, demo, demo_of: demoOf, closed, answers, wifi, shut, codes, break_until: breakUntil, address }) {
  const rest = breakUntil === OVER ? OVER : secondsLeft(breakUntil) && breakUntil
  return JSON.stringify([lesson, step, phase, round, paused, gate, demo, demoOf, closed, shut, codes, wifi, rest, address, phase === "shown" && answers, ABOUT_CLASS.includes(step) && v])
}

customElements.define("class-wall", ClassWall)
