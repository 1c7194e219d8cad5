// A learner's phone in class: opens the part of the page that the class is at, sends her answers, and goes to the
// practice with everybody. Whatever the line does, the page stays as it was.
import { readByFocus, sayAloud } from "../lib/aloud.js"
import { stayAwake } from "../lib/awake.js"
import { fetchWithin } from "../lib/patience.js"
import { postForm } from "../lib/post.js"
import { openStream } from "../lib/stream.js"
import { sendHand, showSeat } from "./hand.js"

const TYPING = 1500        // ms after the last letter until what is typed is sent
const PATIENCE = 10000     // ms for the right answer
const ALL_AT_ONCE = 2500   // ms over which a hall's phones go to the practice
const OPENING = "Bài tập đang mở."
const STILL_THERE = " Câu trả lời trước của bác vẫn còn."
const PHASES = ["read", "open", "locked", "shown"]
const ROUND_NAMES = { 2: "Lần hai", 3: "Lần ba" }
const root = document.querySelector("main")
const place = root.querySelector("[data-stream]")
const code = place.dataset.class
const parts = Array.from(root.querySelectorAll("[data-part]"))
const find = (name) => root.querySelector("[data-" + name + "]")
let open = place.dataset.partNow
let heard = phaseOf(parts.find((one) => one.dataset.asked && !one.hidden))

openStream(place.dataset.stream, (state) => {
  if (state.swept) return leave(0) // taken for an empty seat: the page that comes takes it again
  // The server knows this phone in this seat no more. The page it sends now tells her, or gives her place anew.
  if (state.refused) return leave(state.seat)
  if (state.closed) return location.assign("/lop/" + code + "/ket")
  return show(state)
})

function leave(seat) {
  setTimeout(() => location.assign("/lop/" + code + (seat ? "?truoc=" + seat : "")), 500 + 2500 * Math.random())
}

function show(state) {
  const part = partOf(state)
  find("paused").hidden = !state.paused || part === "ra"
  find("dock").hidden = part === "ra"
  showSeat(root, state)
  const seen = find("seen")
  if (seen && seen.hidden === state.seen) {
    seen.hidden = !state.seen
    if (state.seen) sayAloud(seen.innerText)
  }
  const card = parts.find((one) => one.dataset.part === part)
  if (card && card.dataset.asked) showQuestion(card, state)
  const phase = phaseOf(card)
  const isNews = part !== open || phase !== heard
  heard = phase
  if (part === open) {
    if (!isNews) return
    bringBack(card)
    return sayAloud(wordsOf(card))
  }
  const before = parts.find((one) => one.dataset.part === open)
  if (before && before.dataset.asked) trouble(before, "")
  const left = parts.find((one) => one.contains(document.activeElement))
  open = part
  parts.forEach((one) => { one.hidden = one.dataset.part !== part })
  root.classList.toggle("seat--looking", part === "cho")
  root.classList.toggle("seat--busy", part !== "cho")
  window.scrollTo(0, 0)
  const title = card.querySelector(".ask, h2") || card
  // What she was typing in is gone: the new part has the focus, and is read by it. Else the focus stays where it is.
  if (left) readByFocus(title)
  sayAloud(left ? wordsOf(card) : title.innerText + " " + wordsOf(card))
  if (part !== "tap") return
  offerPractice(OPENING, false)
  setTimeout(practise, 300 + ALL_AT_ONCE * Math.random())
}

// Whoever has gone below the question sees nothing of what it does now. Fields in sight stay where they are.
function bringBack(card) {
  if (card.querySelector("[data-fields]").getBoundingClientRect().bottom <= 0) window.scrollTo(0, 0)
}

function partOf(state) {
  if (state.out) return "ra"
  return parts.some((one) => one.dataset.part === state.step) ? state.step : "cho"
}

// ---- what is heard

function phaseOf(card) {
  if (!card || !card.dataset.asked) return ""
  return PHASES.find((one) => card.classList.contains("asked--" + one)) + card.querySelector("[data-round]").value
}

// What there is to do about a question now: the line that is seen, and where none is, that it is open. What is right
// is told when it has come.
function wordsOf(card) {
  if (!card.dataset.asked) return ""
  const line = Array.from(card.querySelectorAll(".asked__read, .asked__again, .asked__over")).find((one) => one.offsetParent)
  if (line) return line.textContent
  return card.classList.contains("asked--open") ? "Bác trả lời được rồi." : ""
}

// The right options and her own; the others, and why, are there to be read.
function sayAnswer(here) {
  const lines = here.querySelectorAll(".told__one--right > .row--top, .told__mine:not([hidden]), .told__card")
  const rows = new Set(Array.from(lines, (line) => line.closest(".row--top, .told__card")))
  sayAloud(Array.from(rows, (row) => row.innerText.trim().replace(/\s*\n\s*/g, ". ")).join(". "))
}

// ---- questions

function showQuestion(card, { phase, round }) {
  const field = card.querySelector("[data-round]")
  if (Number(field.value) !== round) {
    field.value = round
    clear(card)
  }
  card.classList.toggle("asked--later", round > 1)
  if (round > 1) card.querySelector("[data-round-name]").textContent = ROUND_NAMES[round]
  for (const one of PHASES) card.classList.toggle("asked--" + one, one === phase)
  card.querySelector("[data-fields]").disabled = phase !== "open"
  if (phase !== "open" && card.slip) trouble(card, "") // she can set nothing right any more
  if (phase === "shown") tell(card)
  else card.querySelector("[data-told-here]").innerHTML = ""
}

// Another round: everybody answers once more.
function clear(card) {
  putBack(card, [])
  card.querySelector("[data-kept]").hidden = true
  trouble(card, "") // of the round before
}

function putBack(card, given) {
  fieldsOf(card).forEach((field, place) => {
    if (isTick(field)) field.checked = given.includes(field.value)
    else field.value = given[place] || ""
  })
}

// Of locked fields, too, which a form leaves out.
function pickedIn(card) {
  return JSON.stringify(fieldsOf(card).map((field) => isTick(field) ? field.checked : field.value))
}

function fieldsOf(card) {
  return Array.from(card.querySelectorAll("[data-fields] input, [data-fields] select"))
}

function isTick(field) {
  return field.type === "radio" || field.type === "checkbox"
}

// The right answer comes when the class has seen it; it is fetched, so that no phone could know it before.
async function tell(card) {
  const here = card.querySelector("[data-told-here]")
  if (!here.firstElementChild && !here.dataset.asking) {
    here.dataset.asking = "1"
    try {
      const address = "/lop/" + code + "/dap/" + card.dataset.question
      const { html } = await fetchWithin(PATIENCE, address, {}, (response) => response.json())
      if (html && card.classList.contains("asked--shown")) {
        here.innerHTML = html
        markMine(card, here)
        sayAnswer(here)
      }
    } catch (lost) {
      // It stands on the wall; the next state that comes asks again.
    }
    delete here.dataset.asking
  }
  markMine(card, here)
}

function markMine(card, here) {
  const picked = Array.from(card.querySelectorAll("[data-fields] input:checked")).map((field) => field.value)
  here.querySelectorAll("[data-told]").forEach((one) => {
    one.querySelector("[data-mine]").hidden = picked.indexOf(one.dataset.told) < 0
  })
}

root.addEventListener("change", ({ target }) => {
  const card = target.closest("[data-asked]")
  if (card && target.closest("[data-fields]")) soon(card, 0)
})
root.addEventListener("input", ({ target }) => {
  const card = target.closest("[data-asked='typed']")
  if (card) soon(card, TYPING)
})

function soon(card, milliseconds) {
  clearTimeout(card.timer)
  card.timer = setTimeout(() => send(card), milliseconds)
}

async function send(card) {
  clearTimeout(card.timer)
  const form = card.querySelector("form")
  const what = filled(form)
  if (card.sending) return
  if (!what) {
    if (card.dataset.twice) trouble(card, "") // a place was emptied: nothing is there twice any more
    return
  }
  const kept = card.querySelector("[data-kept]")
  const twice = chosenTwice(card)
  if (twice || what === card.sent) {
    kept.hidden = Boolean(twice)
    return slip(card, twice)
  }
  const round = card.querySelector("[data-round]")
  const sentIn = round.value
  card.sending = true
  const answer = await postForm(form, () => trouble(card, "Mạng chưa tới được máy chủ. Câu trả lời còn đây, máy đang gửi lại."))
  card.sending = false
  if (answer === null) return location.reload()
  if (round.value !== sentIn) {
    // Another round began meanwhile: what became of the one before is nothing to be told in this one.
    trouble(card, "")
    return send(card)
  }
  if (answer.error && answer.answer) return comeTooLate(card, answer)
  trouble(card, answer.error || "")
  // Not at every pause of whoever is still typing.
  if (answer.kept && (kept.hidden || card.dataset.asked !== "typed")) sayAloud("Đã nhận câu trả lời.")
  kept.hidden = !answer.kept
  if (answer.kept) card.sent = what
  // She changed her mind while it was on its way.
  if (answer.kept && filled(form) !== what) send(card)
}

// Locked before it came. What the class has from her stands there again, and where that is what she sent (the reply to
// an earlier try was lost) nothing came too late.
function comeTooLate(card, { error, answer }) {
  const wanted = pickedIn(card)
  putBack(card, answer)
  card.sent = ""
  card.querySelector("[data-kept]").hidden = !answer.length
  markMine(card, card.querySelector("[data-told-here]"))
  const isLate = pickedIn(card) !== wanted && card.dataset.part === open
  trouble(card, isLate ? error + (answer.length ? STILL_THERE : "") : "")
}

// The answer as the form would send it; "" while some of it is missing.
function filled(form) {
  const data = new FormData(form)
  const given = data.getAll("answer")
  return given.length && given.every((one) => one.trim()) ? new URLSearchParams(data).toString() : ""
}

// What is said of an order, or pairs, with something in two places: a slip, which is not sent. "" for any other answer.
function chosenTwice(card) {
  const lists = Array.from(card.querySelectorAll("select"))
  const again = lists.find((one, place) => lists.findIndex((other) => other.value === one.value) < place)
  return again && card.dataset.twice ? card.dataset.twice.replace("{}", again.selectedOptions[0].text) : ""
}

function slip(card, words) {
  trouble(card, words)
  card.slip = true
}

function trouble(card, words) {
  card.slip = false
  const note = card.querySelector("[data-trouble]")
  note.hidden = !words
  note.lastElementChild.textContent = words
}

// ---- forms

root.addEventListener("submit", (event) => {
  const form = event.target
  const card = form.closest("[data-asked]")
  if (card) {
    event.preventDefault()
    if (filled(form)) send(card)
    else slip(card, "Bác trả lời đủ các ô rồi chạm nút ở dưới nhé.")
  } else if (form.matches("[data-hand]")) {
    event.preventDefault()
    sendHand(root, form)
  } else if (form.matches("[data-practise]")) {
    event.preventDefault()
    practise()
  }
})

// ---- the practice

async function practise() {
  if (open !== "tap") return
  offerPractice(OPENING, false)
  const answer = await postForm(find("practise"), () => offerPractice("Mạng chưa tới được máy chủ. Máy đang thử lại.", false))
  if (open !== "tap") return
  if (answer && answer.address) location.assign(answer.address)
  else offerPractice((answer && answer.error) || "Bác chạm nút ở dưới nhé.", true)
}

// Without a button while it opens by itself: it would be gone before a finger reaches it.
function offerPractice(words, withButton) {
  find("opening").textContent = words
  find("practise").hidden = !withButton
}

window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && open === "tap") offerPractice("Bác chạm nút ở dưới để tập tiếp.", true)
})

// The stream notices a dead line late; the phone itself often at once.
window.addEventListener("offline", () => document.documentElement.setAttribute("data-line", "weak"))

stayAwake()
const asked = parts.find((one) => one.dataset.asked && !one.hidden)
if (asked && asked.classList.contains("asked--shown")) tell(asked)
// What was picked before this script came: no field will tell of it any more.
if (asked && fieldsOf(asked).some(isChanged)) soon(asked, 0)

function isChanged(field) {
  if (field.matches("select")) return field.value && !field.selectedOptions[0].defaultSelected
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue
}
