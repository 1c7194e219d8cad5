// For whoever hears the page instead of seeing it. What changed is said once, on a quiet line of its own that was there
// before: browsers pass over one that comes together with its words. Once heard it is taken away, or it would be met a
// second time on the way through the page.
const HEARD = 9000

const line = document.createElement("p")
line.className = "unseen"
line.setAttribute("role", "status")
document.querySelector("main").append(line)
let clock = 0

export function sayAloud(words) {
  clearTimeout(clock)
  line.textContent = words.trim().replace(/\s+/g, " ")
  clock = setTimeout(() => { line.textContent = "" }, HEARD)
}

// What had the focus goes away: this has it next, and is read by it. It is nothing to touch, so Tab passes it by.
export function readByFocus(element) {
  element.tabIndex = -1
  element.focus({ preventScroll: true })
}
