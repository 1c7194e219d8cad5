// A number with a slip of the finger: its digits stand in groups as on the task card, and the phone says how it differs
// from the wanted one. Loaded at the first screen with a number to type; nothing of it leaves the page.
// lms/web/practice/number_slip.py says the same where nothing is typed; a test compares the two.
import { digitsOnly, firstValue } from "./engine.js"

const MIN_GROUPED_DIGITS = 6
const COMPARE = "Bác so lại từng số nhé."

// Where the groups begin, and the end: 0, 4, 7, 10 for ten digits.
export function digitGroups(length) {
  const cuts = [0]
  const first = length % 3
  let next = length < MIN_GROUPED_DIGITS ? length : first === 1 ? 4 : first || 3
  for (; next < length; next += 3) cuts.push(next)
  return cuts.concat(length)
}

// `tellsDigits`: it says which digits are wanted, else only where to look.
export function describeSlip(typed, wanted, tellsDigits) {
  const digits = digitsOnly(typed), right = digitsOnly(wanted)
  const count = digits.length, needed = right.length
  if (!count || !needed || digits === right) return ""
  if (count < needed) return `Mới có ${count} số, ở đây cần ${needed} số.`
  if (count > needed) return `Đang có ${count} số, thừa ${count - needed} số.`
  const wrong = Array.from(digits, (digit, index) => index).filter((index) => digits[index] !== right[index])
  const first = wrong[0], end = wrong[wrong.length - 1] + 1
  const there = digits.slice(first, end), here = right.slice(first, end)
  const cuts = digitGroups(needed)
  if (there.length === 2 && there === here[1] + here[0]) {
    if (tellsDigits) return `Hai số đổi chỗ cho nhau: trong ô là ${there}, ở đây là ${here}.`
    const groups = cuts.map((cut, index) => cut < end && first < cuts[index + 1] && digits.slice(cut, cuts[index + 1]))
    return `Chỗ ${groups.filter(Boolean).join(" ")} có hai số đổi chỗ cho nhau. ${COMPARE}`
  }
  const group = cuts.findIndex((cut, index) => cut <= first && end <= cuts[index + 1])
  if (group < 0) return ""
  const [start, stop] = cuts.slice(group)
  const where = `Chỗ ${digits.slice(start, stop)} chưa khớp`
  return tellsDigits ? `${where}, ở đây là ${right.slice(start, stop)}.` : `${where}. ${COMPARE}`
}

// The number that a field wants, as its author wrote it; "" for other fields.
function wantedNumber({ facts, view }, place) {
  const field = facts.model.screens[view.screen].widgets[place]
  return field.role === "number" && !field.rule ? firstValue(field, facts.data) : ""
}

// While the learner types at its end: a caret within would jump.
function groupDigits(input, wanted) {
  const digits = digitsOnly(input.value)
  const isPlain = wanted === digitsOnly(wanted) && !/[^0-9 ]/.test(input.value)
  delete input.dataset.grouped
  if (!isPlain || input.selectionEnd < input.value.length || input.matches(".app__input--cells")) return
  const cuts = digitGroups(wanted.length)
  const groups = cuts.map((cut, index) => digits.slice(cut, cuts[index + 1])).filter(Boolean)
  input.value = groups.join(" ")
  input.dataset.grouped = "" // its spaces are ours
}

function start(player) {
  const onInput = ({ target }) => {
    const wanted = target.dataset.widget && wantedNumber(player, target.dataset.widget)
    if (wanted) groupDigits(target, wanted)
  }
  player.addEventListener("input", onInput)
  onInput({ target: document.activeElement }) // typed while this was on its way
  player.addEventListener("wrong-value", ({ detail: place }) => {
    const note = player.querySelector(`[data-feedback="wrong ${place}"] .note__text`)
    const input = player.querySelector(`input[data-widget="${place}"]`)
    // On a translated page the author's own sentence says what is wrong.
    if (!note || !input || document.documentElement.lang !== "vi") return
    const line = note.querySelector("[data-slip]") || document.createElement("p")
    line.dataset.slip = ""
    const slip = describeSlip(input.value, wantedNumber(player, place), player.facts.mode === "lam-theo")
    line.textContent = slip && `${slip} ` // the note is announced as one text
    note.prepend(line)
  })
}

if (typeof document !== "undefined") document.querySelectorAll("practice-player").forEach(start)
