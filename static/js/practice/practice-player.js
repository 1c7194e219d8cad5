// <practice-player>: a practice on the phone. Each tap moves the state here, is stored in this browser, and is sent when
// there is a network.
import { Attempt, viewOf } from "./attempt.js"
import { PhoneView } from "./phone-view.js"
import { ScreenTimers } from "./screen-timers.js"

const DRAW_AFTER_LEAVING = 400 // ms: nothing moves under the tap that leaves a field

class PracticePlayer extends HTMLElement {
  connectedCallback() {
    this.facts = JSON.parse(this.querySelector("[data-practice]").textContent)
    this.view = new PhoneView(this)
    this.attempt = new Attempt(this.facts, this)
    this.log = this.attempt.log
    this.timers = new ScreenTimers(this)
    this.isLeaving = false // to the result, as soon as the server has everything
    this.held = null       // the button that was held long enough, until its click
    this.holdTimer = 0
    this.listen()
    this.draw()
    this.log.send()
  }

  listen() {
    this.addEventListener("click", (event) => this.onClick(event))
    this.addEventListener("submit", (event) => event.preventDefault())
    this.addEventListener("keydown", (event) => this.onKey(event))
    this.addEventListener("input", (event) => this.onFieldChange(event))
    this.addEventListener("change", (event) => this.onFieldChange(event))
    this.addEventListener("pointerdown", (event) => this.onHold(event))
    this.addEventListener("pointerup", () => clearTimeout(this.holdTimer))
    this.addEventListener("pointercancel", () => clearTimeout(this.holdTimer))
    window.addEventListener("storage", (event) => this.onStorage(event))
    window.addEventListener("online", () => this.openResult())
    window.addEventListener("pagehide", () => this.log.sendBeacon())
    document.addEventListener("visibilitychange", () => this.onVisibilityChange())
  }

  draw() {
    const { state } = this.attempt
    const isNew = this.view.draw(this.facts, state, viewOf(this.facts, state))
    if (isNew) {
      this.timers.start(state.screen, this.view.phone)
      this.helpWithNumbers()
    }
    return isNew
  }

  // Not before the first number: many attempts end earlier, and without this help a number is typed as any text.
  helpWithNumbers() {
    if (this.view.phone.querySelector("[inputmode=numeric]")) import("./number-typo.js").catch(() => {})
  }

  drawAndScroll() {
    if (this.draw()) this.view.focusInstruction()
    else this.view.scrollToFeedback()
  }

  // Record the fields, then the action. If another tab went on, the tap was meant for a screen that is gone.
  act(place, action) {
    const { attempt, log } = this
    if (attempt.catchUp()) return this.drawAndScroll()
    this.recordFields()
    attempt.act(place, action)
    this.timers.restartIdle()
    this.drawAndScroll()
    return attempt.state.ended ? log.send() : log.sendSoon()
  }

  recordFields(isTyping) {
    this.view.changedFields(this.facts, this.attempt.state).forEach((change) => {
      if (!isTyping || change[2][0] !== "?") this.attempt.act(...change)
    })
  }

  // ---- input

  onClick(event) {
    const { target } = event
    const button = target.closest("button")
    if (target.closest("[data-finish]")) this.finish(event)
    else if (button && button.matches("[data-eye]")) this.view.toggleMask(button)
    else if (button && button.matches("[data-help], [name=tap]")) {
      event.preventDefault()
      if (event.detail > 1) return // a second tap so soon was meant for the first screen
      if (event.detail && button.name === "tap") button.blur() // a finger leaves no focus ring
      if (button.dataset.help) this.act(-1, button.dataset.help)
      else if (this.held !== button) this.act(Number(button.value), "tap")
      this.held = null
    } else if (event.detail < 2 && !this.view.feedback) this.onTapElsewhere(target)
  }

  // A touched message was read; a tap on nothing is a miss, never a mistake.
  onTapElsewhere(target) {
    const message = target.closest("[data-message]")
    if (message) this.act(Number(message.dataset.message), "read")
    else if (target.closest(".phone") && !target.closest("label, legend, input, select, details, a, [data-wait]")) {
      this.act(-1, "miss")
    }
  }

  onKey(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return
    event.preventDefault()
    const { next } = this.facts.model.screens[this.attempt.state.screen]
    if (next >= 0) this.act(next, "tap")
  }

  // A right value moves the pointing hand on; a half-typed one does not count until the field is left.
  onFieldChange({ type, target }) {
    const { attempt } = this
    const isTyping = type === "input"
    target.dataset.touched = "1"
    this.timers.restartIdle()
    if (this.view.screen !== attempt.state.screen) return // the tap that left the screen has recorded its fields
    const before = attempt.state
    if (!attempt.catchUp()) this.recordFields(isTyping)
    const after = attempt.state
    if (after === before) return
    if (isTyping) this.draw()
    else setTimeout(() => attempt.state === after && this.draw(), DRAW_AFTER_LEAVING)
    this.log.sendSoon()
  }

  onHold({ target }) {
    const button = target.closest("[data-hold]")
    if (!button || !Number(button.dataset.hold)) return
    this.holdTimer = setTimeout(() => {
      this.held = button
      this.act(Number(button.value), "hold")
    }, Number(button.dataset.hold) * 1000)
  }

  // ---- what comes by itself

  onMessage(message) {
    this.view.scrollToMessage(message)
    this.view.announce(message.querySelector(".sms__text").textContent.trim(), "polite")
  }

  onWaited(place) {
    this.act(place, "wait")
  }

  onIdle() {
    this.view.offerHelp()
  }

  // ---- the server, other tabs, leaving

  onRefused() {
    this.view.showNetwork("lost")
  }

  onReceipt(receipt, lastSent) {
    const { attempt, log } = this
    this.view.showNetwork("")
    if (attempt.catchUp()) this.draw()
    const { q, screen } = attempt.state
    const isBehind = receipt.kept < lastSent || receipt.kept > q // the attempt went on elsewhere: the server decides
    if (isBehind || (receipt.kept === q && receipt.screen !== screen)) {
      log.write([])
      location.reload()
    } else if (receipt.ended) {
      log.write([])
      this.openResult()
    }
  }

  openResult() {
    if (this.isLeaving && !this.log.batch.length) location.assign(this.facts.result)
  }

  // With a service worker the result has a page of ours that waits for it; without one, and in a class, this page waits.
  onOffline() {
    const { serviceWorker } = navigator
    const hasPage = serviceWorker && serviceWorker.controller && !this.log.isFull && !document.querySelector("class-bar")
    if (this.isLeaving && hasPage) location.assign(this.facts.result)
    else this.view.showNetwork(this.isLeaving ? "waiting" : "offline")
  }

  onStorage({ key }) {
    if (key !== this.log.key) return
    if (this.attempt.catchUp()) this.draw()
    this.openResult() // another tab may have sent the rest
  }

  onVisibilityChange() {
    const { attempt, log } = this
    if (document.visibilityState !== "hidden") return log.send()
    if (!attempt.state.ended && !attempt.catchUp()) this.recordFields()
    return log.sendBeacon()
  }

  finish(event) {
    if (navigator.onLine && !this.log.batch.length) return this.log.write([])
    event.preventDefault()
    this.isLeaving = true
    if (!navigator.onLine) return this.onOffline()
    this.view.showNetwork("")
    return this.log.send()
  }
}

customElements.define("practice-player", PracticePlayer)
