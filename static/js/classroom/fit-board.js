// Choose the largest letters with which a whole board fits, before it is painted. The stylesheets in components/wall cap
// them for each kind of board, and have the sizes for a wall without a script.
const SMALLEST = 1                                 // rem, the smallest that the last row can read
const LARGEST = 2.2                                // rem
const STEPS = 24                                   // between the two
// What a result shows, from most to least: which texts, bars below the options or beside them, the question. See
// wall-result.css.
const RESULTS = [
  ["all", "below", "shown"], ["all", "beside", "shown"], ["right", "below", "shown"], ["right", "beside", "shown"],
  ["right", "beside", "hidden"], ["alone", "beside", "hidden"], ["none", "beside", "hidden"],
]
const CONTAINERS = ".wall-slide__body, .wall-question__options, .wall-result__rows, .wall-result__lines, .wall-tasks__tasks, .wall-demo__text, .wall-screens__row"

export function fitBoard(board) {
  board.querySelectorAll("[data-one-line]").forEach((title) => enlarge(title, () => isOneLine(title)))
  if (board.matches(".wall-demo--slide")) leaveOutUnlessItFits(board)
  if (!board.dataset.texts) return enlargeBoard(board)
  return RESULTS.some(([texts, bars, question]) => {
    Object.assign(board.dataset, { texts, bars, question })
    return enlargeBoard(board)
  })
}

// Choose the largest pictures (data-size 4 to 1, see wall-arrivals.css) with which a row of seats fits its height. Of `count`
// seats those that do not fit are left out, and `more` says how many.
export function fitRow(list, seats, more, count) {
  const isFitting = () => list.scrollHeight <= list.clientHeight + 1
  const showMore = (shown) => {
    more.hidden = shown === count
    more.textContent = `+${count - shown}`
  }
  showMore(seats.length)
  const isWhole = ["4", "3", "2", "1"].some((size) => {
    list.dataset.size = size
    return isFitting()
  })
  if (isWhole) return
  for (let shown = seats.length - 1; shown > 0; shown -= 1) {
    seats[shown].remove()
    showMore(shown)
    if (isFitting()) return
  }
}

// The drawn phone of a slide has letters of one size. See wall-demo.css for what goes if they are too wide.
function leaveOutUnlessItFits(board) {
  const frame = board.querySelector(".wall-demo__frame")
  board.classList.remove("wall-demo--bare")
  board.classList.toggle("wall-demo--bare", frame.scrollHeight > frame.clientHeight + 1)
}

// A word is broken only if no size avoids it.
function enlargeBoard(board) {
  board.classList.add("wall__board--unbroken")
  if (enlarge(board, () => isWhole(board) && isUnbroken(board))) return true
  board.classList.remove("wall__board--unbroken")
  return enlarge(board, () => isWhole(board))
}

// Set the largest letters that fit; false if not even the smallest do.
function enlarge(element, fits) {
  const setStep = (step) => element.style.setProperty("--fitting", `${SMALLEST + ((LARGEST - SMALLEST) * step) / STEPS}rem`)
  const tryStep = (step) => {
    setStep(step)
    return fits()
  }
  if (!tryStep(0)) return false
  if (tryStep(STEPS)) return true // most do
  let fitting = 0
  let tooLarge = STEPS
  while (tooLarge - fitting > 1) {
    const middle = (fitting + tooLarge) >> 1
    if (tryStep(middle)) fitting = middle
    else tooLarge = middle
  }
  setStep(fitting)
  return true
}

function isOneLine(title) {
  const range = document.createRange()
  range.selectNodeContents(title)
  return range.getClientRects().length === 1
}

function isWhole(board) {
  return [board, ...board.querySelectorAll(CONTAINERS)].every((container) => {
    const box = container.getBoundingClientRect()
    const shown = Array.from(container.children).filter((child) => child.getClientRects().length && !child.matches(".visually-hidden"))
    return shown.map((child) => child.getBoundingClientRect()).every(({ top, bottom }) => bottom < box.bottom + 1 && top > box.top - 1)
  })
}

function isUnbroken(board) {
  const wide = Array.from(board.querySelectorAll("*")).filter((element) => element.clientWidth && element.scrollWidth > element.clientWidth)
  return wide.every((element) => element.closest(".visually-hidden, .wall-option__number, .wall-demo__frame"))
}
