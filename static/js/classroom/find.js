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

function look() {
  const digits = field.value.replace(/\D/g, "")
  say(digits, digits.length >= LENGTH && !isCode(digits))
  return digits
}

function say(digits, isWrong) {
  const { few, many, slip } = mistyped.dataset
  const words = digits.length < LENGTH ? few : digits.length > LENGTH ? many : slip
  if (isWrong) mistyped.querySelector(".note__text").textContent = words.replace("{}", digits.length)
  mistyped.hidden = !isWrong
  field.classList.toggle("field--wrong", isWrong)
  field.setAttribute("aria-invalid", String(isWrong))
  if (isWrong) field.setAttribute("aria-describedby", mistyped.id)
  else field.removeAttribute("aria-describedby")
}

field.addEventListener("input", look)
form.addEventListener("submit", (event) => {
  const digits = look()
  if (isCode(digits)) return
  event.preventDefault()
  say(digits, true)
  field.focus()
})
