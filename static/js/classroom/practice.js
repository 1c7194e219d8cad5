// A practice that was begun in class: covers the phone while all look up, calls for help, and offers the way back when
// the class goes on. It never takes the phone out of somebody's hands.
import { openStream } from "../lib/stream.js"
import { sendHand, showSeat } from "./hand.js"

const PRACTICE = "tap"
const bar = document.querySelector("[data-inclass]")
const main = document.querySelector("main")
const find = (name) => bar.querySelector("[data-" + name + "]")
const covers = Array.from(bar.querySelectorAll("[data-cover]"))
let now = null
let left = null   // what had the focus when the cover came

openStream(bar.dataset.stream, (state) => {
  now = Object.assign({}, state)
  showSeat(bar, now, "short")
  showMoved()
  showHand()
  cover()
  if (now.level !== undefined) followLevel()
})

function showMoved() {
  const isElsewhere = now.refused || now.closed || (now.step && now.step !== PRACTICE) || now.out
  find("moved").hidden = !isElsewhere
  if (now.refused) find("moved-words").textContent = now.refused + " Bác tập tiếp cũng được."
  else if (now.closed) find("moved-words").textContent = "Lớp đã kết thúc. Bác tập tiếp cũng được. Mã học của bác ở “Về lớp”."
  else if (now.out) find("moved-words").textContent = "Máy này đang ở ngoài lớp. Bác tập tiếp cũng được."
  else find("moved-words").textContent = "Lớp đã sang phần khác. Xong bác chạm “Về lớp”."
  find("back").classList.toggle("button--offered", Boolean(isElsewhere))
}

// Nobody comes to a phone that is in no class any more.
function showHand() {
  const form = find("hand")
  const isIn = isInClass()
  if (form) form.hidden = !isIn
  if (!isIn) find("raised").hidden = true
}

const isInClass = () => !now.refused && !now.closed && !now.out

// Paused, or at the screen where all wait for each other.
function cover() {
  if (!now) return
  const phone = main.querySelector("[data-screen]")
  const screen = phone && phone.dataset.screen
  const isIn = isInClass()
  const which = isIn && now.paused ? "pause" : isIn && now.gate && now.gate === screen ? "gate" : ""
  const shown = covers.find((one) => !one.hidden)
  if ((shown ? shown.dataset.cover : "") === which) return
  if (!shown) left = document.activeElement
  covers.forEach((one) => { one.hidden = one.dataset.cover !== which })
  for (const one of [bar, main]) one.classList.toggle("covered", Boolean(which))
  const next = covers.find((one) => !one.hidden)
  if (next) next.focus()
  else comeBack()
}

// To where she was, or to the coach's sentence where that screen is no more.
function comeBack() {
  const isThere = left && left !== document.body && document.contains(left)
  const back = isThere ? left : main.querySelector("h1")
  if (back) back.focus({ preventScroll: true })
}

// How much is pointed at comes with the page: it is fetched anew, but not from under somebody who types.
function followLevel() {
  const level = now.level === null ? "" : String(now.level)
  if (level === bar.dataset.level) return
  const field = document.activeElement
  if (field && /^(INPUT|SELECT)$/.test(field.tagName)) field.addEventListener("blur", followLevel, { once: true })
  else location.reload()
}

// A screen comes by a tap as well: main holds it inside a section.
new MutationObserver(cover).observe(main, { childList: true, subtree: true })

bar.addEventListener("submit", (event) => {
  event.preventDefault()
  sendHand(bar, event.target, "short")
})
