// <class-code-form>: the six digits of a class, checked while they are typed: the last one is a check digit.
const LENGTH = 6

class ClassCodeForm extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input")
    this.error = this.querySelector("[data-code-error]")
    this.field.addEventListener("input", () => this.check(false))
    this.addEventListener("submit", (event) => {
      if (this.check(true)) return
      event.preventDefault()
      this.field.focus()
    })
  }

  // Whether these are the digits of a code. Too few are an error only when the form `isSent`.
  check(isSent) {
    const { field, error } = this
    const typed = field.value.trim()
    const digits = digitsIn(typed)
    const isRight = isCode(digits) && !hasLetters(typed)
    const isWrong = !isRight && (isSent || digits.length >= LENGTH)
    if (isWrong) error.querySelector(".note__text").textContent = this.errorText(typed, digits.length)
    error.hidden = !isWrong
    field.classList.toggle("field--wrong", isWrong)
    field.setAttribute("aria-invalid", String(isWrong))
    if (isWrong) field.setAttribute("aria-describedby", error.id)
    else field.removeAttribute("aria-describedby")
    return isRight
  }

  errorText(typed, count) {
    const { nothing, none, few, many, typo } = this.error.dataset
    if (!typed) return nothing
    if (!count || hasLetters(typed)) return none
    return (count < LENGTH ? few : count > LENGTH ? many : typo).replace("{}", count)
  }
}

// Luhn's check digit, as the server computes it (session/class_codes.py).
function isCode(digits) {
  const sum = Array.from(digits).reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits.length === LENGTH && sum % 10 === 0
}

// Spaces, dots and hyphens between digits are fine; letters are not.
const digitsIn = (typed) => typed.normalize("NFKC").replace(/\D/g, "")
const hasLetters = (typed) => /[\p{L}\p{N}]/u.test(typed.normalize("NFKC").replace(/\d/g, ""))

customElements.define("class-code-form", ClassCodeForm)
