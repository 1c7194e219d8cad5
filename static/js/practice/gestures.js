// Gestures on the drawn phone, and screens that scroll; only practices that have them load this. A gesture is made on its
// widget, which takes a tap, too. A swipe beside the widget scrolls the page as everywhere, and is answered as a miss.

const FAR = 40          // px that a finger moves in a swipe, or two fingers in a pinch
const STILL = 12        // px; a finger that moves less taps
const DOUBLE_TAP = 500  // ms between its taps
const SETTLED = 120     // ms without scrolling

const EVENTS = "pointerdown pointermove pointerup pointercancel click contextmenu touchstart touchend".split(" ")

class Gestures {
  constructor(player) {
    this.player = player
    this.fingers = new Map() // on the widget, by pointer
    this.isOver = false      // made or missed: the click that may follow is no tap
    this.tapTimer = 0        // until a second tap
    for (const type of EVENTS) player.addEventListener(type, this, { capture: true, passive: type.startsWith("touch") })
  }

  // Each method with the name of an event is called with it.
  handleEvent(event) {
    this[event.type](event)
  }

  // ---- on the widget

  pointerdown({ target, pointerId, clientX, clientY, button }) {
    const { fingers } = this
    const widget = target.closest("[data-gesture]")
    if (!fingers.size) this.isOver = false
    if (!widget || button > 0) return
    if (widget !== this.widget || !fingers.size) {
      fingers.clear()
      this.widget = widget
      this.count = 0 // the most fingers at once
      this.moved = 0 // px, of the finger that moved most
      this.began = performance.now()
    }
    fingers.set(pointerId, newFinger(clientX, clientY))
    this.count = Math.max(this.count, fingers.size)
    this.startSpread = this.spread
    widget.setPointerCapture(pointerId)
  }

  pointermove({ pointerId, clientX, clientY }) {
    const finger = this.fingers.get(pointerId)
    if (!finger) return
    finger.x = clientX
    finger.y = clientY
    this.moved = Math.max(this.moved, distance(clientX - finger.startX, clientY - finger.startY))
    if (this.isOver || !this.isMade(finger)) return
    this.isOver = true
    this.act(this.widget, this.widget.dataset.gesture)
  }

  isMade(finger) {
    const { gesture, direction } = this.widget.dataset
    if (gesture === "swipe") return this.count === 1 && alongOf(finger, direction) > FAR
    const grown = this.spread - this.startSpread
    return gesture === "pinch" && (direction === "out" ? grown : -grown) > FAR
  }

  // How far two fingers are from each other.
  get spread() {
    const [one, other] = Array.from(this.fingers.values())
    return this.fingers.size === 2 ? distance(one.x - other.x, one.y - other.y) : NaN
  }

  pointerup({ pointerId }) {
    if (!this.fingers.delete(pointerId) || this.fingers.size || this.isOver) return
    const isHeld = performance.now() - this.began >= this.widget.dataset.hold * 1000 // the player has counted it
    this.isOver = isHeld || this.moved > STILL || this.count > 1
    if (this.isOver && !isHeld) this.miss()
  }

  pointercancel({ pointerId }) {
    this.fingers.delete(pointerId)
  }

  act(widget, action) {
    this.player.act(Number(widget.value), action)
  }

  // The arrow shows the way once more.
  miss() {
    this.player.act(-1, "miss")
    this.player.querySelectorAll(".phone .gesture").forEach((widget) => {
      widget.classList.add("gesture--again")
      void widget.offsetWidth // lets the animation start anew
      widget.classList.remove("gesture--again")
    })
  }

  click(event) {
    const widget = event.target.closest("[data-gesture='double-tap']")
    if (!event.detail || !(this.isOver || widget)) return // without detail it is a key
    event.preventDefault()
    event.stopPropagation()
    if (!this.isOver) this.tap(widget)
  }

  tap(widget) {
    const isSecond = this.tapTimer
    clearTimeout(isSecond)
    this.tapTimer = !isSecond && setTimeout(() => {
      this.tapTimer = 0
      if (this.player.contains(widget)) this.act(widget, "tap")
    }, DOUBLE_TAP)
    if (isSecond) this.act(widget, "double-tap")
  }

  contextmenu(event) {
    if (event.target.closest("[data-gesture]")) event.preventDefault()
  }

  // ---- beside the widget

  touchstart({ target, touches }) {
    const isBeside = target.closest(".phone") && !target.closest("[data-gesture], input, select, .scroll")
    const widget = this.player.querySelector(".phone [data-gesture='swipe']")
    const isSwipe = isBeside && touches.length === 1 && widget && isInSight(widget)
    this.strayed = isSwipe && newFinger(touches[0].clientX, touches[0].clientY)
    this.wanted = isSwipe && widget.dataset.direction
  }

  // Up and down also scrolls the page: only the asked direction is meant for the drawn phone.
  touchend({ changedTouches }) {
    const { strayed } = this
    if (!strayed) return
    this.strayed = null
    strayed.x = changedTouches[0].clientX
    strayed.y = changedTouches[0].clientY
    const isFar = [this.wanted, "left", "right"].some((direction) => alongOf(strayed, direction) > FAR)
    if (isFar) afterScrolling(() => this.miss())
  }
}

const newFinger = (x, y) => ({ startX: x, startY: y, x, y })
const distance = Math.hypot

// How far a finger went in a direction; 0 where it went more aside.
function alongOf({ startX, startY, x, y }, direction) {
  const right = x - startX, down = y - startY
  const along = { up: -down, down, left: -right, right }[direction]
  return along === Math.max(Math.abs(right), Math.abs(down)) ? along : 0
}

const topOf = (element) => element.getBoundingClientRect().top
const isInSight = (element) => topOf(element) >= 0 && topOf(element) + element.offsetHeight <= innerHeight

function afterScrolling(callback, before = scrollY) {
  setTimeout(() => (scrollY === before ? callback() : afterScrolling(callback, scrollY)), SETTLED)
}

// ---- screens that scroll

// The line at the lower edge says where the pointed control is while it is out of sight.
function updateCue(player) {
  const cue = player.querySelector(".phone [data-scroll-cue]")
  if (!cue) return
  const list = cue.parentNode
  const pointed = list.querySelector(".pointed")
  const middle = pointed ? topOf(pointed) + pointed.offsetHeight / 2 : NaN
  const where = middle > topOf(cue) ? "Below" : middle < topOf(list) ? "Above" : "Idle"
  const text = cue.dataset["text" + where]
  if (cue.textContent !== text) cue.textContent = text
  cue.classList.toggle("scroll__cue--pointing", where !== "Idle")
}

// Also the small phones between the paragraphs of a lesson.
document.querySelectorAll("practice-player, inline-screen").forEach((player) => {
  new Gestures(player)
  new MutationObserver(() => updateCue(player)).observe(player, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["class"],
  })
  player.addEventListener("scroll", () => updateCue(player), { capture: true, passive: true })
})
