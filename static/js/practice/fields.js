// The fields of a screen: what stands in them, and how it leaves. What was typed stays in this module's memory, for
// when its screen comes back, and is written nowhere else.
import { encode } from "./engine.js"

const typed = {}   // "screen place": the text as typed
const ACTIONS = { select: "choose", switch: "switch" }

const controls = (phone) => phone.querySelectorAll("input[data-widget], select[data-widget]")
const isCode = (wire) => wire === "~ok" || wire[0] === "?"

export function fillFields(phone, { model, data }, state) {
  controls(phone).forEach((control) => {
    const place = Number(control.dataset.widget)
    const wire = state.fields[state.screen][place]
    if (control.type === "checkbox") control.checked = wire === "bật"
    else if (control.tagName === "SELECT") control.value = wire
    else {
      const text = typed[state.screen + " " + place]
      const isSame = text && encode(model, data, state.screen, place, text) === wire
      control.value = isSame ? text : isCode(wire) ? "" : wire
      // After a reload the text is gone, but the field still holds.
      control.placeholder = wire === "~ok" && !isSame ? "••••••••" : ""
    }
  })
}

// The fields that are no longer as the state has them, as [place, action, wire value].
export function changes(phone, { model, data }, state) {
  const found = []
  if (phone.dataset.screen !== state.screen) return found
  controls(phone).forEach((control) => {
    const place = Number(control.dataset.widget)
    const before = state.fields[state.screen][place]
    const wire = valueOf(control, model, data, state.screen, place, before)
    if (wire !== before) found.push([place, ACTIONS[model.screens[state.screen].widgets[place].role] || "type", wire])
  })
  return found
}

function valueOf(control, model, data, screen, place, before) {
  if (control.type === "checkbox") return control.checked ? "bật" : "tắt"
  if (control.tagName === "SELECT") return control.value || before
  // Left empty as it was: whatever holds there still holds.
  if (control.value === "" && (before === "" || isCode(before)) && !control.dataset.touched) return before
  typed[screen + " " + place] = control.value
  return encode(model, data, screen, place, control.value)
}

// While a keyboard is there, what she copies stands on top of what it leaves to see, and under that the field.
const view = window.visualViewport
export const band = document.querySelector(".band")
export const crib = document.querySelector(".crib")
let tallest = innerHeight

function makeRoom({ type }) {
  const field = document.activeElement
  const { offsetTop, height } = view
  const isWhole = view.scale === 1   // two fingers are no keyboard
  tallest = Math.max(tallest, height)
  crib.classList.toggle("crib--shown", isWhole && height < tallest * 0.8 && field.matches("[data-copied]"))
  if (!isWhole || !field.matches("input.app__input")) return
  const top = Math.max(offsetTop, band.offsetHeight)
  const head = field.closest(".app__field").getBoundingClientRect().top - 9
  const below = field.getBoundingClientRect().bottom + 9 - offsetTop - height
  const room = Math.max(height / 4, Math.min(height / 2.5, head - top - below))
  crib.style.maxHeight = `${room}px`
  const lift = type === "resize" ? head - offsetTop - height / 4 : 0
  if (type !== "scroll") scrollBy(0, Math.max(below, Math.min(head - top - crib.offsetHeight, lift)))
  crib.style.top = `${Math.min(top, field.getBoundingClientRect().top - 9 - crib.offsetHeight)}px`
}

if (view) {
  view.onresize = view.onscroll = makeRoom
  for (const touched of ["click", "input"]) addEventListener(touched, makeRoom)
}

export function toggleEye(button) {
  const shown = button.getAttribute("aria-pressed") !== "true"
  button.setAttribute("aria-pressed", String(shown))
  button.parentNode.querySelector("input").classList.toggle("app__input--masked", !shown)
}
