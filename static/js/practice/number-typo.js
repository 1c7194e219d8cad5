// A number with a typing mistake: its digits stand in groups as on the task card, and the phone says how it differs
// from the wanted one. Loaded at the first screen with a number to type; nothing of it leaves the page.
// lms/web/practice/number_typo.py says the same where nothing is typed; a test compares the two.
import { digitsOnly, firstValue } from "./engine.js"

const MIN_GROUPED_DIGITS = 6
// By the language of the page; {} stands for digits, in their order.
const SENTENCES = {
  vi: {
    tooFew: "Mới có {} số, ở đây cần {} số.",
    tooMany: "Đang có {} số, thừa {} số.",
    swapped: "Hai số đổi chỗ cho nhau: trong ô là {}, ở đây là {}.",
    swappedIn: "Chỗ {} có hai số đổi chỗ cho nhau. Bác so lại từng số nhé.",
    differs: "Chỗ {} chưa khớp, ở đây là {}.",
    differsIn: "Chỗ {} chưa khớp. Bác so lại từng số nhé.",
  },
  en: {
    tooFew: "Digits so far: {}. Needed here: {}.",
    tooMany: "{} digits, which is {} too many.",
    swapped: "Two digits changed places: you have {}, here it is {}.",
    swappedIn: "In {} two digits changed places. Compare each digit again.",
    differs: "{} does not match, here it is {}.",
    differsIn: "{} does not match. Compare each digit again.",
  },
}

// Where the groups begin, and the end: 0, 4, 7, 10 for ten digits.
export function digitGroups(length) {
  const cuts = [0]
  const first = length % 3
  let next = length < MIN_GROUPED_DIGITS ? length : first === 1 ? 4 : first || 3
  for (; next < length; next += 3) cuts.push(next)
  return cuts.concat(length)
}

// `tellsDigits`: it says which digits are wanted, else only where to look.
export function describeTypo(typed, wanted, tellsDigits, language = "vi") {
  const [name, ...parts] = findTypo(typed, wanted, tellsDigits)
  const sentences = SENTENCES[language] || SENTENCES.vi
  return name ? sentences[name].replace(/\{\}/g, () => parts.shift()) : ""
}

// The name of a sentence and what to fill in; an empty list if there is nothing to say.
function findTypo(typed, wanted, tellsDigits) {
  const digits = digitsOnly(typed), right = digitsOnly(wanted)
  const count = digits.length, needed = right.length
  if (!count || !needed || digits === right) return []
  if (count < needed) return ["tooFew", count, needed]
  if (count > needed) return ["tooMany", count, count - needed]
  const wrong = Array.from(digits, (digit, index) => index).filter((index) => digits[index] !== right[index])
  const first = wrong[0], end = wrong[wrong.length - 1] + 1
  const there = digits.slice(first, end), here = right.slice(first, end)
  const cuts = digitGroups(needed)
  if (there.length === 2 && there === here[1] + here[0]) {
    if (tellsDigits) return ["swapped", there, here]
    const groups = cuts.map((cut, index) => cut < end && first < cuts[index + 1] && digits.slice(cut, cuts[index + 1]))
    return ["swappedIn", groups.filter(Boolean).join(" ")]
  }
  const group = cuts.findIndex((cut, index) => cut <= first && end <= cuts[index + 1])
  if (group < 0 || cuts.length < 3) return [] // a short number has no place to point at
  const [start, stop] = cuts.slice(group)
  const differing = digits.slice(start, stop)
  return tellsDigits ? ["differs", differing, right.slice(start, stop)] : ["differsIn", differing]
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
    if (!note || !input) return
    const line = note.querySelector("[data-typo]") || document.createElement("p")
    line.dataset.typo = ""
    const tellsDigits = player.facts.mode === "lam-theo"
    const said = describeTypo(input.value, wantedNumber(player, place), tellsDigits, document.documentElement.lang)
    line.textContent = said && `${said} ` // the note is announced as one text
    note.prepend(line)
  })
}

if (typeof document !== "undefined") document.querySelectorAll("practice-player").forEach(start)
