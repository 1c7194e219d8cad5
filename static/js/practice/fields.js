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

// A keyboard came: the field goes to the upper third of what is left to see, its button follows below.
const view = window.visualViewport
if (view) view.onresize = () => {
  const field = document.activeElement
  const third = Math.max(view.offsetTop + view.height / 3, document.querySelector(".band").offsetHeight + 9)
  if (view.scale === 1 && field.matches(".app__input")) scrollBy(0, field.getBoundingClientRect().top - third)
}

export function toggleEye(button) {
  const shown = button.getAttribute("aria-pressed") !== "true"
  button.setAttribute("aria-pressed", String(shown))
  button.parentNode.querySelector("input").classList.toggle("app__input--masked", !shown)
}
