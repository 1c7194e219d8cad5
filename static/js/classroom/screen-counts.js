// How many phones are on each screen of a practice: the list on the desk and the drawn phones on the wall, changed in
// place from the class's state. The server draws both first (desk/pages.py, wall/screen_row.py).
import { showNumber } from "./page-parts.js"

const MAX_THUMBS = 7
const ENOUGH_TO_MARK = 3 // phones on the screen where most are stuck

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
const percent = (count, most) => `${Math.round((100 * count) / most)}%`

// Phones by screen. A screen off the right way counts where `countedAt`, screen to screen, says.
function countByScreen(screens, countedAt) {
  const counts = new Map()
  Object.keys(screens).forEach((screen) => {
    const at = countedAt[screen]
    if (at) counts.set(at, (counts.get(at) || 0) + screens[screen])
  })
  return counts
}

// A row is a link, and a finger may be on its way to it: it stays where it is.
export function showScreenCounts({ screens, stuck, stuck_list: stuckSeats }) {
  const list = document.querySelector("[data-counted-at]")
  if (!list) return
  const countedAt = JSON.parse(list.dataset.countedAt)
  const counts = countByScreen(screens, countedAt)
  const rows = Array.from(list.querySelectorAll("[data-screen-row]"))
  const numbers = rows.map((row) => counts.get(row.dataset.screenRow) || 0)
  const most = Math.max(1, ...numbers)
  rows.forEach((row, index) => {
    row.classList.toggle("desk-screens__item--empty", !numbers[index])
    row.querySelector(".desk-screens__count").textContent = numbers[index]
    row.querySelector("rect").setAttribute("width", percent(numbers[index], most))
  })
  showNumber("practising", sum(numbers.slice(0, -1)))
  showNumber("done", numbers[numbers.length - 1]) // at the goal
  showNumber("stuck", stuckSeats.filter(({ screen }) => countedAt[screen] === countedAt[stuck]).length)
}

export function showScreenThumbs(row, title, { screens = {}, stuck }) {
  const countedAt = JSON.parse(row.dataset.countedAt)
  const counts = countByScreen(screens, countedAt)
  const thumbs = Array.from(row.querySelectorAll("[data-thumb]"))
  const numbers = thumbs.map((thumb) => counts.get(thumb.dataset.thumb) || 0)
  const [first, last] = visibleRange(numbers)
  const most = Math.max(1, ...numbers)
  const marked = counts.get(countedAt[stuck]) >= ENOUGH_TO_MARK ? countedAt[stuck] : ""
  title.textContent = title.dataset.default
  thumbs.forEach((thumb, index) => {
    const isMarked = thumb.dataset.thumb === marked
    thumb.hidden = index < first || index >= last
    thumb.classList.toggle("wall-screen--stuck", isMarked)
    thumb.querySelector("[data-count]").textContent = numbers[index]
    thumb.querySelector("[data-bar]").setAttribute("width", percent(numbers[index], most))
    if (isMarked) title.textContent = title.dataset.stuck.replace("{}", thumb.dataset.title)
  })
  showFolded(row, "before", thumbs.slice(0, first), numbers.slice(0, first))
  showFolded(row, "after", thumbs.slice(last), numbers.slice(last))
}

// From where to where there are the most phones; the earlier of two that are equal.
function visibleRange(numbers) {
  const total = numbers.length
  if (total <= MAX_THUMBS) return [0, total]
  let best = [0, MAX_THUMBS - 1]
  let bestCount = -1
  for (let first = 0; first < total; first += 1) {
    const room = MAX_THUMBS - (first ? 1 : 0)
    const last = total - first <= room ? total : first + room - 1
    const count = sum(numbers.slice(first, last))
    if (count > bestCount) {
      best = [first, last]
      bestCount = count
    }
    if (last === total) break
  }
  return best
}

// The end is no screen with a number of its own; it never folds alone.
function showFolded(row, side, thumbs, numbers) {
  const folded = row.querySelector(`[data-fold="${side}"]`)
  folded.hidden = !thumbs.length
  folded.querySelector("[data-count]").textContent = sum(numbers)
  folded.querySelector("[data-screens]").textContent = thumbs.filter((thumb) => "numbered" in thumb.dataset).length
}
