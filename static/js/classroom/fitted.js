// A board whose letters are wider than fitting.py has counted them: a laptop has other fonts. What does not fit is
// measured here and gets smaller letters, down to the smallest that the last row reads; then less is said, as
// result_fitting.py does. With the fonts that are counted on, nothing changes.
const SMALLEST = 9                               // the last of wall.css's letters
const MOST_LINES = 6                             // of a name under a small phone
const SAID = ["all", "right", "alone", "none"]   // of the sentences to a result
const MOST_TURNS = SMALLEST + SAID.length
const HOLDERS = ".slide__words, .ask__options, .result__rows, .result__lines, .use__tasks, .demo__words, .phones__row"

export function fitBoard(board) {
  const shape = window.matchMedia("(min-aspect-ratio: 801/500)").matches ? "wide" : "narrow"
  const sized = [board].concat(Array.from(board.querySelectorAll("[class*='wide-']")))
  for (const one of sized) {
    if (one.dataset.counted === undefined) one.dataset.counted = one.className
    one.className = one.dataset.counted
  }
  for (let turn = 0; turn < MOST_TURNS && isCut(board); turn += 1) sized.forEach((one) => shrink(one, shape))
}

function isCut(board) {
  return [board].concat(Array.from(board.querySelectorAll(HOLDERS))).some((holder) => {
    const room = holder.getBoundingClientRect()
    const parts = Array.from(holder.children).filter((part) => !part.matches(".unseen"))
    return parts.map((part) => part.getBoundingClientRect()).some(({ top, bottom }) => bottom > room.bottom + 1 || top < room.top - 1)
  })
}

function shrink(element, shape) {
  const names = placeOf(element, "names-" + shape + "-")
  if (names && names < MOST_LINES) swap(element, "names-" + shape + "-", names, names + 1)
  const letters = placeOf(element, shape + "-")
  if (letters !== null && letters < SMALLEST) return swap(element, shape + "-", letters, letters + 1)
  const said = SAID.findIndex((word) => element.classList.contains("said-" + shape + "-" + word))
  if (said >= 0 && said < SAID.length - 1) swap(element, "said-" + shape + "-", SAID[said], SAID[said + 1])
}

function placeOf(element, words) {
  const found = Array.from(element.classList).find((one) => one.startsWith(words))
  return found ? Number(found.slice(words.length)) : null
}

function swap(element, words, from, to) {
  element.classList.remove(words + from)
  element.classList.add(words + to)
}
