// The break of a class, or the last minute of a question: `until` is the moment of the server's clock, in seconds since
// 1970, at which it ends by itself on every screen.
import { serverNow } from "../lib/server-clock.js"

const TICK = 250         // ms
const LAST_MINUTE = 60   // seconds
const HOUR = 3600
const VIETNAM = 7 * HOUR // from UTC, in seconds

export class Countdown {
  // Calls `onChange(secondsLeft)` when it begins, each second of it, and once with 0 when it is over.
  constructor(onChange) {
    this.onChange = onChange
    this.until = null
    this.shown = 0
    setInterval(() => this.tick(), TICK)
  }

  get left() {
    return secondsLeft(this.until)
  }

  follow(until) {
    this.until = until || null
    this.tick()
  }

  tick() {
    if (this.left === this.shown) return
    this.shown = this.left
    this.onChange(this.shown)
  }
}

export const secondsLeft = (until) => until ? Math.max(0, Math.ceil(until - serverNow() / 1000)) : 0

// "19:40": when the class goes on, whatever the device's time zone.
export function timeOfDay(until) {
  const seconds = (until + VIETNAM) % (24 * HOUR)
  const minutes = String(Math.floor(seconds % HOUR / 60)).padStart(2, "0")
  return `${Math.floor(seconds / HOUR)}:${minutes}`
}

export const minutesAndSeconds = (left) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`

// Show or hide the line "Còn 1 phút" of a wall or phone. Its bar is one animation: nothing ticks. Returns whether the line
// has come or gone.
export function showLastMinute(line, left) {
  const bar = line.querySelector("[data-bar]")
  const isChanged = line.hidden === Boolean(left)
  line.hidden = !left
  if (!left) bar.classList.remove("last-minute__bar--shrinking")
  else if (!bar.classList.contains("last-minute__bar--shrinking")) {
    bar.style.animationDelay = `${left - LAST_MINUTE}s`
    bar.classList.add("last-minute__bar--shrinking")
  }
  return isChanged
}
