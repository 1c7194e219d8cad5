// Gestures on the drawn phone, and screens that scroll; only practices that have them load this. A gesture is made on its
// widget, which takes a tap, too. A swipe beside the widget scrolls the page as everywhere, and is answered as a miss.

const FAR = 40          // px that a finger moves in a swipe, or two fingers in a pinch
const STILL = 12        // px; a finger that moves less taps
const DOUBLE_TAP = 500  // ms between its taps
const SETTLED = 120     // ms without scrolling
const AXES = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }

class Gestures {
  constructor(player) {
    this.player = player
    this.fingers = new Map() // by pointer, on `widget`
    this.widget = null
    this.isOver = false      // made or missed: the click that may follow is no tap
    this.tapTimer = 0        // until a second tap
    this.strayed = null      // where a finger began beside the widget
    this.on("pointerdown", this.onDown)
    this.on("pointermove", this.onMove)
    this.on("pointerup", this.onUp)
    this.on("pointercancel", this.onCancel)
    this.on("click", this.onClick, true)
    this.on("contextmenu", this.onContextMenu)
    this.on("touchstart", this.onTouchStart, { passive: true })
    this.on("touchend", this.onTouchEnd, { passive: true })
  }

  on(type, listener, options) {
    this.player.addEventListener(type, (event) => listener.call(this, event), options)
  }

  // ---- on the widget

  onDown({ target, pointerId, clientX, clientY, button }) {
    const widget = target.closest("[data-gesture]")
    if (!this.fingers.size) this.isOver = false
    if (!widget || button > 0) return
    if (widget !== this.widget || !this.fingers.size) this.begin(widget)
    this.fingers.set(pointerId, { startX: clientX, startY: clientY, x: clientX, y: clientY })
    this.count = Math.max(this.count, this.fingers.size)
    if (this.fingers.size === 2) this.startSpread = this.spread
    widget.setPointerCapture(pointerId)
  }

  begin(widget) {
    this.widget = widget
    this.fingers.clear()
    this.count = 0  // the most fingers at once
    this.moved = 0  // px, of the finger that moved most
    this.began = performance.now()
  }

  onMove({ pointerId, clientX, clientY }) {
    const finger = this.fingers.get(pointerId)
    if (!finger) return
    finger.x = clientX
    finger.y = clientY
    this.moved = Math.max(this.moved, Math.hypot(clientX - finger.startX, clientY - finger.startY))
    if (!this.isOver && this.isMade(finger)) this.finish()
  }

  isMade(finger) {
    const { gesture, direction } = this.widget.dataset
    if (gesture === "swipe") return this.count === 1 && alongOf(finger, direction) > FAR
    if (gesture !== "pinch" || this.fingers.size !== 2) return false
    const grown = this.spread - this.startSpread
    return (direction === "out" ? grown : -grown) > FAR
  }

  get spread() {
    const [one, other] = Array.from(this.fingers.values())
    return Math.hypot(one.x - other.x, one.y - other.y)
  }

  finish() {
    this.isOver = true
    this.player.act(Number(this.widget.value), this.widget.dataset.gesture)
  }

  onUp({ pointerId }) {
    if (!this.fingers.delete(pointerId) || this.fingers.size || this.isOver) return
    const { hold } = this.widget.dataset
    const isHeld = hold && performance.now() - this.began >= Number(hold) * 1000 // the player has counted it
    if (!isHeld && this.moved <= STILL && this.count === 1) return
    this.isOver = true
    if (!isHeld) this.miss()
  }

  onCancel({ pointerId }) {
    this.fingers.delete(pointerId)
  }

  // The arrow shows the way once more.
  miss() {
    this.player.act(-1, "miss")
    Array.from(this.player.querySelectorAll(".phone .gesture")).forEach((widget) => {
      widget.classList.add("gesture--again")
      void widget.offsetWidth // lets the animation start anew
      widget.classList.remove("gesture--again")
    })
  }

  onClick(event) {
    if (!event.detail) return // a key
    const widget = event.target.closest("[data-gesture='double-tap']")
    if (!this.isOver && !widget) return
    event.preventDefault()
    event.stopPropagation()
    if (!this.isOver) this.onTap(widget)
  }

  onTap(widget) {
    const isSecond = this.tapTimer !== 0
    clearTimeout(this.tapTimer)
    this.tapTimer = isSecond ? 0 : setTimeout(() => {
      this.tapTimer = 0
      if (this.player.contains(widget)) this.player.act(Number(widget.value), "tap")
    }, DOUBLE_TAP)
    if (isSecond) this.player.act(Number(widget.value), "double-tap")
  }

  onContextMenu(event) {
    if (event.target.closest("[data-gesture]")) event.preventDefault()
  }

  // ---- beside the widget

  onTouchStart({ target, touches }) {
    const isBeside = target.closest(".phone") && !target.closest("[data-gesture], input, select, .scroll")
    const widget = this.player.querySelector(".phone [data-gesture='swipe']")
    this.strayed = null
    if (touches.length > 1 || !isBeside || !widget || !isInSight(widget)) return
    const { clientX, clientY } = touches[0]
    this.strayed = { startX: clientX, startY: clientY, direction: widget.dataset.direction }
  }

  // Up and down also scrolls the page: only the asked direction is meant for the drawn phone.
  onTouchEnd({ changedTouches }) {
    if (!this.strayed) return
    const finger = Object.assign({ x: changedTouches[0].clientX, y: changedTouches[0].clientY }, this.strayed)
    const directions = [this.strayed.direction, "left", "right"]
    this.strayed = null
    if (directions.some((direction) => alongOf(finger, direction) > FAR)) afterScrolling(() => this.miss())
  }
}

// How far a finger went in a direction; 0 where it went more aside.
function alongOf({ startX, startY, x, y }, direction) {
  const [acrossX, acrossY] = AXES[direction]
  const [movedX, movedY] = [x - startX, y - startY]
  const along = movedX * acrossX + movedY * acrossY
  const aside = Math.abs(movedX * acrossY) + Math.abs(movedY * acrossX)
  return along >= aside ? along : 0
}

function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}

function afterScrolling(callback, before = scrollY) {
  setTimeout(() => (scrollY === before ? callback() : afterScrolling(callback, scrollY)), SETTLED)
}

// ---- screens that scroll

// The line at the lower edge says where the pointed control is while it is out of sight.
function updateCue(player) {
  const cue = player.querySelector(".phone [data-scroll-cue]")
  if (!cue) return
  const list = cue.parentNode.getBoundingClientRect()
  const pointed = cue.parentNode.querySelector(".pointed")
  const box = pointed && pointed.getBoundingClientRect()
  const { textBelow, textAbove, textIdle } = cue.dataset
  const isBelow = box && box.top + box.height / 2 > cue.getBoundingClientRect().top
  const isAbove = box && box.top + box.height / 2 < list.top
  const text = isBelow ? textBelow : isAbove ? textAbove : textIdle
  if (cue.textContent !== text) cue.textContent = text
  cue.classList.toggle("scroll__cue--pointing", Boolean(isBelow || isAbove))
}

// Also the small phones between the paragraphs of a lesson.
document.querySelectorAll("practice-player, inline-screen").forEach((player) => {
  new Gestures(player)
  new MutationObserver(() => updateCue(player)).observe(player, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["class"],
  })
  player.addEventListener("scroll", () => updateCue(player), { capture: true, passive: true })
})
