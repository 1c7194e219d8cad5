// How many stand at each screen of the practice, changed in place: a row is a link, and a finger may be on its way to it.
import { setNumber } from "./parts.js"

export function countRows({ screens, done, stuck, stuck_list: needy }) {
  const list = document.querySelector("[data-homes]")
  if (!list) return
  const homes = JSON.parse(list.dataset.homes)
  const rows = Array.from(list.querySelectorAll("[data-stand]"))
  const counts = new Map(rows.map((row) => [row.dataset.stand, 0]))
  Object.keys(screens).forEach((screen) => {
    const home = homes[screen]
    if (counts.has(home)) counts.set(home, counts.get(home) + screens[screen])
  })
  const most = Math.max(1, ...counts.values())
  rows.forEach((row) => {
    const count = counts.get(row.dataset.stand)
    row.classList.toggle("stand--none", !count)
    row.querySelector(".stand__count").textContent = count
    row.querySelector("rect").setAttribute("width", `${Math.round((100 * count) / most)}%`)
  })
  const goal = rows[rows.length - 1].dataset.stand
  const all = Array.from(counts.values()).reduce((sum, count) => sum + count, 0)
  setNumber("practising", all - counts.get(goal))
  setNumber("done", done.alone + done.helped)
  setNumber("stuck", needy.filter(({ screen }) => homes[screen] === homes[stuck]).length)
}
