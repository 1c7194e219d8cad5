// What the keys of a laptop or a clicker do on the wall. A wall may not steer its class, but its browser may be signed
// in as a facilitator: then a key presses the same button as on the desk, whether the desk is open or not.
import { fetchPage } from "./page-parts.js"

const KEYS = {
  next: [" ", "Enter", "PageDown", "ArrowRight", "ArrowDown"],
  back: ["PageUp", "ArrowLeft", "ArrowUp", "Backspace"],
  pause: ["b", "B", "."],
}
const PRESSES_BUTTON = [" ", "Enter"] // on a button that has the focus

export function actionOfKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined
  if (PRESSES_BUTTON.includes(event.key) && event.target.closest("button")) return undefined
  return Object.keys(KEYS).find((name) => KEYS[name].includes(event.key))
}

// Do what the desk's button for `action` does. Returns "" when it is done, else why not: "unheard" when this browser
// may not steer the class, "by-hand" when the desk asks before it does so, "offline".
export async function pressOnDesk(deskUrl, action) {
  try {
    const desk = (await fetchPage(deskUrl)).page.querySelector("class-desk")
    if (!desk) return "unheard" // it led to signing in, or to joining the facilitators
    const form = desk.querySelector(`[data-action="${action}"] form`) || desk.querySelector(`[data-action-too="${action}"] form`)
    if (!form) return action === "next" ? "by-hand" : ""
    return (await fetchPage(form.action, form)).ok ? "" : "offline"
  } catch (error) {
    return "offline"
  }
}
