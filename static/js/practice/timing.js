// What happens by itself on a screen: messages arrive, loading ends, help is offered to whoever stands still.

const OFFER_AFTER = 25000

export class Timing {
  constructor({ arrive, wait, offer }) {
    this.deeds = { arrive, wait, offer }
    this.timers = []
    this.standing = 0
    this.arrived = {}
  }

  // A screen came; what the one before it had begun is over, and its messages have arrived.
  enter(screen, phone) {
    this.timers.forEach(clearTimeout)
    this.timers = []
    phone.querySelectorAll("[data-message]").forEach((sms) => this.expect(screen, sms))
    const wait = phone.querySelector("[data-wait]")
    if (wait) this.after(wait.dataset.seconds, () => this.deeds.wait(Number(wait.dataset.wait)))
    this.stir()
  }

  expect(screen, sms) {
    const key = screen + " " + sms.dataset.message
    if (this.arrived[key]) return
    sms.classList.add("sms--coming")
    this.after(sms.dataset.seconds, () => {
      sms.classList.remove("sms--coming")
      this.arrived[key] = true
      this.deeds.arrive(sms)
    })
  }

  after(seconds, deed) {
    this.timers.push(setTimeout(deed, Number(seconds) * 1000))
  }

  // Somebody did something: the wait for an offer begins again.
  stir() {
    clearTimeout(this.standing)
    this.standing = setTimeout(this.deeds.offer, OFFER_AFTER)
  }
}
