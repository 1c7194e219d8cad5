// What comes by itself on a screen of the practice: messages, the end of a wait, the offer of help.
const OFFER_AFTER = 25000 // ms without a tap, then help is offered

export class ScreenTimers {
  // Of `player` it calls `onMessage(message)`, `onWaited(place)` and `onIdle()`.
  constructor(player) {
    this.player = player
    this.timers = []
    this.idleTimer = 0
    this.arrived = {}
  }

  // The timers of the last screen are over, and its messages have arrived.
  start(screen, phone) {
    this.timers.forEach(clearTimeout)
    this.timers = []
    phone.querySelectorAll("[data-message]").forEach((message) => this.expect(screen, message))
    const wait = phone.querySelector("[data-wait]")
    if (wait) this.after(wait.dataset.seconds, () => this.player.onWaited(Number(wait.dataset.wait)))
    this.restartIdle()
  }

  expect(screen, message) {
    const key = screen + " " + message.dataset.message
    if (this.arrived[key]) return
    message.classList.add("sms--pending")
    this.after(message.dataset.seconds, () => {
      message.classList.remove("sms--pending")
      this.arrived[key] = true
      this.player.onMessage(message)
    })
  }

  after(seconds, callback) {
    this.timers.push(setTimeout(callback, Number(seconds) * 1000))
  }

  restartIdle() {
    clearTimeout(this.idleTimer)
    this.idleTimer = setTimeout(() => this.player.onIdle(), OFFER_AFTER)
  }
}
