// The fields of a screen: their values, and how these leave the phone. Typed text stays in this module's memory, for
// when its screen comes back, and nowhere else.
import { encodeValue } from "./engine.js"

const typed = {} // "screen place": the text as typed
const ACTIONS = { select: "choose", switch: "switch" }

const controls = (phone) => phone.querySelectorAll("input[data-widget], select[data-widget]")
const isCode = (encoded) => encoded === "~ok" || encoded[0] === "?"

export function fillFields(phone, { model, data }, state) {
  controls(phone).forEach((control) => {
    const place = Number(control.dataset.widget)
    const encoded = state.fields[state.screen][place]
    if (control.type === "checkbox") control.checked = encoded === "bật"
    else if (control.tagName === "SELECT") control.value = encoded
    else {
      const text = typed[state.screen + " " + place]
      const isCurrent = text && encodeValue(model, data, state.screen, place, text) === encoded
      control.value = isCurrent ? text : isCode(encoded) ? "" : encoded
      // After a reload the text is gone, but the field is still filled in.
      control.placeholder = encoded === "~ok" && !isCurrent ? "••••••••" : ""
    }
  })
}

// The fields that differ from the state, as [place, action, encoded value].
export function changedFields(phone, { model, data }, state) {
  const changed = []
  if (phone.dataset.screen !== state.screen) return changed
  controls(phone).forEach((control) => {
    const place = Number(control.dataset.widget)
    const before = state.fields[state.screen][place]
    const encoded = encodedValue(control, model, data, state.screen, place, before)
    if (encoded !== before) changed.push([place, ACTIONS[model.screens[state.screen].widgets[place].role] || "type", encoded])
  })
  return changed
}

function encodedValue(control, model, data, screen, place, before) {
  if (control.type === "checkbox") return control.checked ? "bật" : "tắt"
  if (control.tagName === "SELECT") return control.value || before
  // A reload empties fields whose text did not leave the phone. Until the learner touches one, it keeps the value that
  // the state has.
  if (control.value === "" && (before === "" || isCode(before)) && !control.dataset.touched) return before
  typed[screen + " " + place] = control.value
  return encodeValue(model, data, screen, place, control.value)
}

// While a keyboard is open, the text to copy stands above it, and under that the field.
const view = window.visualViewport
export const band = document.querySelector(".band")
export const crib = document.querySelector(".aids-crib")
let tallest = innerHeight

function makeRoom({ type }) {
  const field = document.activeElement
  const { offsetTop, height } = view
  const isWhole = view.scale === 1 // a zoomed page is no keyboard
  tallest = Math.max(tallest, height)
  crib.classList.toggle("aids-crib--shown", isWhole && height < tallest * 0.8 && field.matches("[data-copied]"))
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
  for (const name of ["click", "input"]) addEventListener(name, makeRoom)
}

// The eye beside a password.
export function toggleMask(button) {
  const isShown = button.getAttribute("aria-pressed") !== "true"
  button.setAttribute("aria-pressed", String(isShown))
  button.parentNode.querySelector("input").classList.toggle("app__input--masked", !isShown)
}
