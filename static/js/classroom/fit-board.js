// Fit a board whose letters are wider here than the server assumed (wall/font_fit.py): another computer has other fonts.
// Sizes go down to the smallest that the last row can read; then feedback is left out, as in wall/result_fit.py.
const SMALLEST = 9                                 // the last of wall.css's sizes
const MAX_NAME_LINES = 6                           // of a screen's name under its drawing
const FEEDBACK = ["all", "right", "alone", "none"] // shown with a result, from most to least
const MAX_STEPS = SMALLEST + FEEDBACK.length
const CONTAINERS = ".wall-slide__body, .wall-question__options, .wall-result__rows, .wall-result__lines, .wall-tasks__tasks, .wall-demo__text, .wall-screens__row"
const originalClasses = new WeakMap()

export function fitBoard(board) {
  const shape = window.matchMedia("(min-aspect-ratio: 801/500)").matches ? "wide" : "narrow"
  const sized = [board, ...board.querySelectorAll("[class*='wide-']")]
  for (const element of sized) {
    if (!originalClasses.has(element)) originalClasses.set(element, element.className)
    element.className = originalClasses.get(element)
  }
  for (let step = 0; step < MAX_STEPS && isCut(board); step += 1) sized.forEach((element) => shrink(element, shape))
}

function isCut(board) {
  return [board, ...board.querySelectorAll(CONTAINERS)].some((container) => {
    const box = container.getBoundingClientRect()
    const children = Array.from(container.children).filter((child) => !child.matches(".visually-hidden"))
    return children.map((child) => child.getBoundingClientRect()).some(({ top, bottom }) => bottom > box.bottom + 1 || top < box.top - 1)
  })
}

function shrink(element, shape) {
  const lines = numberAfter(element, `names-${shape}-`)
  if (lines && lines < MAX_NAME_LINES) swapClass(element, `names-${shape}-`, lines, lines + 1)
  const size = numberAfter(element, `${shape}-`)
  if (size !== null && size < SMALLEST) return swapClass(element, `${shape}-`, size, size + 1)
  const feedback = FEEDBACK.findIndex((name) => element.classList.contains(`said-${shape}-${name}`))
  const hasMore = feedback >= 0 && feedback < FEEDBACK.length - 1
  return hasMore && swapClass(element, `said-${shape}-`, FEEDBACK[feedback], FEEDBACK[feedback + 1])
}

function numberAfter(element, prefix) {
  const name = Array.from(element.classList).find((each) => each.startsWith(prefix))
  return name ? Number(name.slice(prefix.length)) : null
}

function swapClass(element, prefix, from, to) {
  element.classList.remove(prefix + from)
  element.classList.add(prefix + to)
}
