// The practice on the phone: stepped and kept here after every tap, sent when there is a network.
import { Attempt } from "./attempt.js"
import { changes, toggleEye } from "./fields.js"
import { look } from "./look.js"
import { Stage, Timing } from "./stage.js"

const root = document.querySelector("main")
const facts = JSON.parse(root.querySelector("[data-practice]").textContent)
const stage = new Stage(root)
const attempt = new Attempt(facts, {
  hear,
  lose: () => stage.tell("lost"),
  wait: () => stage.tell("offline"),
})
const log = attempt.log
const timing = new Timing({
  arrive: (sms) => stage.say(sms.querySelector(".sms__text").textContent.trim(), "polite"),
  wait: (place) => act(place, "wait"),
  offer: () => stage.offer(),
})
let leaving = false   // to the result, once the server has everything

function draw() {
  const came = stage.draw(facts, attempt.state, look(facts, attempt.state))
  if (came) timing.enter(attempt.state.screen, stage.phone)
  return came
}

// After a tap: a new screen begins at its top, and what is said back must be seen. Filling in moves nothing.
function drawAndLead() {
  if (draw()) stage.lead()
  else stage.bringIntoView()
}

// Keep what was filled in, then what was done. If another tab went on, this tap was meant for a screen that is no more.
function act(place, action) {
  if (attempt.catchUp()) return drawAndLead()
  keepFields()
  attempt.act(place, action)
  timing.stir()
  drawAndLead()
  if (attempt.state.ended) log.now()
  else log.soon()
}

function keepFields(isTyping) {
  changes(stage.phone, facts, attempt.state).forEach((change) => {
    if (!isTyping || change[2][0] !== "?") attempt.act(...change)
  })
}

function hear(receipt, sent) {
  stage.tell("")
  if (attempt.catchUp()) draw()
  const state = attempt.state
  const isBehind = receipt.kept < sent || receipt.kept > state.q
  if (isBehind || (receipt.kept === state.q && receipt.screen !== state.screen)) {
    // The attempt went on elsewhere, and the server's word counts.
    log.write([])
    location.reload()
  } else if (receipt.ended) {
    log.write([])
    if (leaving) location.assign(facts.result)
  }
}

root.addEventListener("click", (event) => {
  const target = event.target
  const button = target.closest("button")
  if (target.closest("[data-finish]")) finish(event)
  else if (button && button.matches("[data-eye]")) toggleEye(button)
  else if (button && button.matches("[data-help], [name=tap]")) {
    event.preventDefault()
    // A second tap so soon was meant for the first.
    if (event.detail > 1) return
    // A finger leaves no ring behind.
    if (event.detail && button.name === "tap") button.blur()
    if (button.dataset.help) act(-1, button.dataset.help)
    else if (held !== button) act(Number(button.value), "tap")
    held = null
  } else if (event.detail < 2 && !stage.note) touchNothing(target)
})

// A message that is touched was read; what is nothing to touch is a slip, never a mistake. Neither may wipe away a
// sentence that is still being read.
function touchNothing(target) {
  const message = target.closest("[data-message]")
  if (message) act(Number(message.dataset.message), "read")
  else if (target.closest(".phone") && !target.closest("label, legend, input, select, details, a, [data-wait]")) {
    act(-1, "miss")
  }
}

root.addEventListener("submit", (event) => event.preventDefault())

root.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return
  event.preventDefault()
  const next = facts.model.screens[attempt.state.screen].next
  if (next >= 0) act(next, "tap")
})

// Once a field is right the hand moves on; a half-typed one is nobody's business until it is left.
for (const moved of ["input", "change"]) {
  root.addEventListener(moved, (event) => {
    event.target.dataset.touched = "1"
    timing.stir()
    // A field that leaves with its screen still says that it changed; its tap took it along.
    if (stage.screen !== attempt.state.screen) return
    const before = attempt.state
    if (!attempt.catchUp()) keepFields(moved === "input")
    const after = attempt.state
    if (after === before) return
    // A tap on a button leaves the field first: nothing may move under it.
    if (moved === "input") draw()
    else setTimeout(() => attempt.state === after && draw(), 400)
    log.soon()
  })
}

let held = null   // the button that was held long enough, until its click has passed
let holding = 0

root.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-hold]")
  if (!button || !Number(button.dataset.hold)) return
  holding = setTimeout(() => {
    held = button
    act(Number(button.value), "hold")
  }, Number(button.dataset.hold) * 1000)
})

for (const over of ["pointerup", "pointercancel"]) root.addEventListener(over, () => clearTimeout(holding))

function finish(event) {
  if (!log.batch.length) return log.write([])
  event.preventDefault()
  leaving = true
  stage.tell(navigator.onLine ? "" : "offline")
  log.now()
}

window.addEventListener("storage", (event) => {
  if (event.key !== log.key) return
  if (attempt.catchUp()) draw()
  if (leaving && !log.batch.length) location.assign(facts.result)   // another tab brought the rest
})

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return log.now()
  if (!attempt.state.ended && !attempt.catchUp()) keepFields()
  log.leave()
})

window.addEventListener("pagehide", () => log.leave())

draw()
log.now()
