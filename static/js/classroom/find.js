// Six digits, looked at as they are typed: the last one is a check digit, so a slip of the finger is told at once.
const form = document.querySelector("[data-find]")
const field = form.querySelector("input")
const mistyped = form.querySelector("[data-mistyped]")
const LENGTH = 6

// Luhn's rule, as in classroom/codes.py.
function isCode(digits) {
  const sum = Array.from(digits).reverse().reduce((all, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1)
    return all + (value > 9 ? value - 9 : value)
  }, 0)
  return digits.length === LENGTH && sum % 10 === 0
}

// Spaces, dots and hyphens between them are as she likes; letters are not.
const digitsIn = (typed) => typed.normalize("NFKC").replace(/\D/g, "")
const hasLetters = (typed) => /[\p{L}\p{N}]/u.test(typed.normalize("NFKC").replace(/\d/g, ""))

function wordsOf(typed, count) {
  const { few, many, slip, none, nothing } = mistyped.dataset
  if (!typed) return nothing
  if (!count || hasLetters(typed)) return none
  return (count < LENGTH ? few : count > LENGTH ? many : slip).replace("{}", count)
}

// Whether these are a code's digits. Digits that are still coming are told as too few only when she is ``done``.
function look(done) {
  const typed = field.value.trim()
  const digits = digitsIn(typed)
  const isRight = isCode(digits) && !hasLetters(typed)
  const isWrong = !isRight && (done || digits.length >= LENGTH)
  if (isWrong) mistyped.querySelector(".note__text").textContent = wordsOf(typed, digits.length)
  mistyped.hidden = !isWrong
  field.classList.toggle("field--wrong", isWrong)
  field.setAttribute("aria-invalid", String(isWrong))
  if (isWrong) field.setAttribute("aria-describedby", mistyped.id)
  else field.removeAttribute("aria-describedby")
  return isRight
}

field.addEventListener("input", () => look(false))
form.addEventListener("submit", (event) => {
  if (look(true)) return
  event.preventDefault()
  field.focus()
})
