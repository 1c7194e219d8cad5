// The quiet row at the end of a page: "Chữ to hơn", and "Nghe đọc" where the device has a Vietnamese voice.
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

function press(button, on) {
  button.setAttribute("aria-pressed", String(on))
}

document.querySelectorAll("[data-larger]").forEach((button) => {
  press(button, root.classList.contains("larger"))
  button.addEventListener("click", () => {
    const on = root.classList.toggle("larger")
    remember("larger", on)
    press(button, on)
  })
})

findVoice((voice) => {
  remember("voice", voice !== null)
  root.classList.toggle("has-voice", voice !== null)
})

document.querySelectorAll("[data-read-aloud]").forEach((button) => {
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") stopReading()
    else press(button, readAloud(document.querySelector("main"), () => press(button, false)))
  })
})
