// Questions answered in place. The form stays what it is without a script: the same address, the same field; only the
// page does not go away. Every word comes from the page: this script only puts it where it belongs.
import { readByFocus, sayAloud } from "../lib/aloud.js"
import { postForm } from "../lib/post.js"

document.addEventListener("submit", (event) => {
  const card = event.target.closest("[data-question]")
  if (!card) return
  event.preventDefault()
  if (card.getAttribute("aria-busy") === "true") return
  if (isFilled(event.target) && !usedTwice(card)) send(card, event.target)
  else tell(card, sayMissing(card))
})

function isFilled(form) {
  const given = new FormData(form).getAll("answer")
  return given.length > 0 && given.every((one) => one.trim())
}

const listsOf = (card) => Array.from(card.querySelectorAll("select"))

// An order, or pairs, with something in two places is a slip, and not sent. The list in which it stands again.
function usedTwice(card) {
  const lists = listsOf(card)
  return lists.find((one, place) => lists.findIndex((other) => other.value === one.value) < place)
}

// Of several lists the first that is empty is named, or what was picked twice; elsewhere the button to come back to.
function sayMissing(card) {
  const empty = listsOf(card).find((one) => !one.value)
  const twice = empty ? undefined : usedTwice(card)
  if (empty) return nameIn(copy("said-empty"), empty.labels[0])
  if (twice) return nameIn(copy("said-twice"), twice.selectedOptions[0])
  return nameIn(copy(`said-missing-${card.dataset.question}`), card.querySelector("form > .button .button__face"))
}

function nameIn(note, named) {
  note.querySelector("[data-place]").textContent = named.textContent
  return note
}

async function send(card, form) {
  card.setAttribute("aria-busy", "true")
  const answer = await postForm(form, () => tell(card, copy("said-lost")))
  card.removeAttribute("aria-busy")
  clear(card)
  if (answer === null) location.reload()
  else if (answer.error) tell(card, copy("said-tip", answer.error))
  else show(card, answer)
}

function show(card, { right, said, progress }) {
  if (progress && showProgress(progress)) {
    // The first time the mark is there the page's end has more to show: the seal, and the learning code. Whoever reads on
    // comes to it; here is the sentence to the answer that was just given. The form's address leads back to its card: a
    // page that is only loaded again stands where another page's length had it.
    location.replace(card.querySelector("form").action)
    return
  }
  const isPoll = card.dataset.question === "poll"
  const done = right || isPoll
  const several = card.dataset.question === "multiple"
  const tone = isPoll ? "thanks" : done ? "right" : several ? "tip" : "careful"
  const beside = said.filter((one) => one.key && one.html && sayBeside(card, one, isPoll ? "tip" : tone))
  const ofAll = said.filter((one) => !one.key && one.html).map((one) => one.html).join(" ")
  if (several && !done) say(card, copy("said-all", ofAll))
  else if (ofAll || !beside.length) say(card, copy(`said-${tone}`, ofAll))
  card.querySelectorAll("[data-when-wrong]").forEach((element) => { element.hidden = done })
  if (done) finish(card)
  else askAgain(card)
}

// The sentence stands in the frame of the option that was picked.
function sayBeside(card, { key, html }, tone) {
  const input = Array.from(card.querySelectorAll(".option input")).find((one) => one.value === key)
  if (!input) return false
  const option = input.closest(".option")
  const note = copy(`beside-${tone}`, html)
  option.classList.remove("box")
  option.classList.add("picked", tone)
  option.append(note)
  note.id = `noi-${card.id}-${key}`
  input.setAttribute("aria-describedby", note.id)
  return true
}

function say(card, note) {
  card.querySelectorAll("[data-said]").forEach((element) => element.remove())
  card.querySelector("[data-when-wrong], .hints, form > .button").before(note)
  note.id = `noi-${card.id}`
}

// Where the button stays, it keeps the focus, and the words are heard.
function tell(card, note) {
  say(card, note)
  sayAloud(note.textContent)
}

// All that is said back, in the order in which it stands there.
const saidIn = (card) => Array.from(card.querySelectorAll("[data-said], .picked__said"))
const wordsOf = (elements) => elements.map((element) => element.textContent).join(" ")

function askAgain(card) {
  card.querySelector("form > .button .button__face").textContent = card.querySelector("[data-again]").dataset.again
  const ofAll = card.querySelector("[data-said]")
  card.querySelectorAll(".field, [role=group]").forEach((field) => {
    if (ofAll && !field.closest(".place")) field.setAttribute("aria-describedby", ofAll.id)
    if (field.matches("input")) field.setAttribute("aria-invalid", "true")
  })
  sayAloud(wordsOf([...saidIn(card), ...card.querySelectorAll("[data-when-wrong]")]))
}

function clear(card) {
  saidIn(card).forEach((element) => element.remove())
  card.querySelectorAll("[aria-describedby], [aria-invalid]").forEach((field) => {
    field.removeAttribute("aria-describedby")
    field.removeAttribute("aria-invalid")
    field.classList.remove("field--wrong")
  })
  card.querySelectorAll(".picked").forEach((option) => {
    option.classList.remove("picked", "careful", "right", "tip")
    option.classList.add("box")
  })
}

// The button that had the focus goes; the first sentence has it then, and is heard before the others.
function finish(card) {
  card.querySelectorAll("form > .button, .hints").forEach((element) => element.remove())
  card.querySelectorAll("input, select").forEach((field) => { field.disabled = true })
  const [first, ...others] = saidIn(card)
  readByFocus(first)
  sayAloud(wordsOf([...others, ...document.querySelectorAll("[data-progress]")]))
}

// Whether the mark has just been earned.
function showProgress({ right, total, needed, earned }) {
  const line = document.querySelector("[data-progress]")
  if (!line) return false
  const numbers = { right, total, needed }
  line.textContent = line.dataset.progress.replace(/\{(\w+)\}/g, (whole, name) => numbers[name])
  return earned && !line.hasAttribute("data-earned")
}

// A note from the page's own template; with the author's sentence in it where there is one.
function copy(name, html) {
  const note = document.getElementById(name).content.firstElementChild.cloneNode(true)
  if (html) note.querySelector(".note__text").innerHTML = html
  return note
}
