// "Chữ to hơn" at the end of a page, and reading aloud where the device has a Vietnamese voice.
import { readAloud, findVoice, stopReading } from "../lib/voice.js"

const root = document.documentElement

function remember(name, on) {
  try {
    if (on) localStorage.setItem(name, "1")
    else localStorage.removeItem(name)
  } catch (refused) {
    // Without storage the choice lasts as long as the page.
  }
}

const isPressed = (button) => button.getAttribute("aria-pressed") === "true"
const press = (button, on) => button.setAttribute("aria-pressed", String(on))

document.querySelectorAll("[data-larger]").forEach((button) => {
  press(button, root.classList.contains("larger"))
})

findVoice((voice) => {
  remember("voice", voice)
  root.classList.toggle("has-voice", voice !== null)
})

document.addEventListener("click", ({ target }) => {
  const larger = target.closest("[data-larger]")
  if (larger) {
    const on = root.classList.toggle("larger")
    remember("larger", on)
    press(larger, on)
  }
  // A touch anywhere ends the reading: what was read may be gone, and its button with it.
  const reader = target.closest("[data-read-aloud]")
  const isNew = reader && !isPressed(reader)
  stopReading()
  if (isNew) press(reader, readAloud(document.querySelector("main"), () => press(reader, false)))
})
