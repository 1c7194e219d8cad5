// The row of small phones as the numbers change: the sister of stands.py, which draws it first.
const MOST = 7
const ENOUGH_TO_RING = 3

export function showStands(row, title, { screens = {}, stuck }) {
  const homes = JSON.parse(row.dataset.homes)
  const stands = Array.from(row.querySelectorAll("[data-stand]"))
  const gathered = {}
  Object.keys(screens).forEach((screen) => {
    if (homes[screen]) gathered[homes[screen]] = (gathered[homes[screen]] || 0) + screens[screen]
  })
  const numbers = stands.map((stand) => gathered[stand.dataset.stand] || 0)
  const [first, last] = findWindow(numbers)
  const most = Math.max(1, ...numbers)
  const home = homes[stuck]
  const ringed = (gathered[home] || 0) >= ENOUGH_TO_RING ? home : ""
  stands.forEach((stand, place) => {
    stand.hidden = place < first || place >= last
    stand.classList.toggle("stand--stuck", stand.dataset.stand === ringed)
    stand.querySelector("[data-n]").textContent = numbers[place]
    stand.querySelector("[data-bar]").setAttribute("width", Math.round((100 * numbers[place]) / most) + "%")
    if (stand.dataset.stand === ringed) title.textContent = "Đông nhất ở màn “" + stand.dataset.title + "”"
  })
  if (!ringed) title.textContent = title.dataset.calm
  fold(row, "before", stands.slice(0, first), numbers.slice(0, first))
  fold(row, "after", stands.slice(last), numbers.slice(last))
}

// From where to where the row is shown: the part with the most phones on it, the earlier one of two alike.
function findWindow(numbers) {
  const total = numbers.length
  if (total <= MOST) return [0, total]
  let best = [0, MOST - 1]
  let bestCount = -1
  for (let first = 0; first < total; first += 1) {
    const room = MOST - (first ? 1 : 0)
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
function fold(row, side, stands, numbers) {
  const folded = row.querySelector("[data-fold='" + side + "']")
  folded.hidden = !stands.length
  folded.querySelector("[data-n]").textContent = sum(numbers)
  folded.querySelector("[data-screens]").textContent = stands.filter((stand) => "numbered" in stand.dataset).length
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0)
