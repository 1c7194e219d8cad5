// Announcements to screen readers, through one live region that is in the page before the text comes: browsers ignore
// a region that is inserted together with its text.
const CLEAR_AFTER = 9000 // ms; left in place, the text would be read again on the way through the page

const region = document.createElement("p")
region.className = "visually-hidden"
region.setAttribute("role", "status")
document.querySelector("main").append(region)
let timer = 0

export function announce(text) {
  clearTimeout(timer)
  region.textContent = text.trim().replace(/\s+/g, " ")
  timer = setTimeout(() => { region.textContent = "" }, CLEAR_AFTER)
}

// Move the focus to text that replaces the focused control; a screen reader reads it. Tab skips it.
export function focusText(element) {
  element.tabIndex = -1
  element.focus({ preventScroll: true })
}
