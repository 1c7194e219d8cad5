// On the pages of a course under `lms serve --watch`: shows what its author has saved, without a tap.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const PAUSE = 1000 // ms
const TIMEOUT = 5000
const { filesDigest } = document.querySelector("script[data-files-digest]").dataset // what the page was made of

const isTick = (field) => field.type === "radio" || field.type === "checkbox"
const isTyping = () => Array.from(document.querySelectorAll("input, textarea, select")).some(isChanged)

function isChanged(field) {
  if (field.matches("select")) return hasOtherOption(field)
  return isTick(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue
}

// Where none is selected by the page, the browser takes the first.
function hasOtherOption(select) {
  const options = Array.from(select.options)
  const given = options.filter((option) => option.defaultSelected)
  const first = select.multiple || select.size > 1 ? [] : options.slice(0, 1)
  return options.some((option) => option.selected !== (given.length ? given : first).includes(option))
}

// Whoever has typed or chosen something, or looks at another page, is not disturbed: the next look tells it again.
async function look() {
  if (!document.hidden) {
    const told = await fetchWithTimeout(TIMEOUT, "/healthz", {}, (response) => response.json()).catch(() => ({}))
    if (told.watched && told.watched !== filesDigest && !isTyping()) {
      location.reload()
      return
    }
  }
  setTimeout(look, PAUSE)
}

look()
