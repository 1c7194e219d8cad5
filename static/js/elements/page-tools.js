// "Chữ to hơn" at the end of a page, and reading aloud where the device has a Vietnamese voice.
import { findVoice, readAloud, stopReading } from "../lib/speech.js"

const root = document.documentElement

function remember(name, isOn) {
  try {
    if (isOn) localStorage.setItem(name, "1")
    else localStorage.removeItem(name)
  } catch (refused) {
    // Without storage the choice lasts as long as the page.
  }
}

const isPressed = (button) => button.getAttribute("aria-pressed") === "true"
const press = (button, isOn) => button.setAttribute("aria-pressed", String(isOn))

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
    const isOn = root.classList.toggle("larger")
    remember("larger", isOn)
    press(larger, isOn)
  }
  // Any tap stops the reading: its text, and its button, may be gone afterwards.
  const reader = target.closest("[data-read-aloud]")
  const starts = reader && !isPressed(reader)
  stopReading()
  if (starts) press(reader, readAloud(document.querySelector("main"), () => press(reader, false)))
})
