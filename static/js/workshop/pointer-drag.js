// Dragging on an element by mouse, finger or pen, and where a pointer is on it.
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export const clamp = (number, least, most) => Math.min(Math.max(number, least), most)

// `start(event)` says whether a drag begins; `move`, `end` and `cancel` hear of the pointer that began it, and of no second
// finger.
export function onDrag(element, { start, move, end, cancel }) {
  let pointer = null
  const ofPointer = (act) => (event) => { if (event.pointerId === pointer) act(event) }
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !start(event)) return
    event.preventDefault()
    pointer = event.pointerId
    element.setPointerCapture(pointer)
  })
  element.addEventListener("pointermove", ofPointer(move))
  element.addEventListener("pointerup", ofPointer(end))
  element.addEventListener("pointercancel", ofPointer(cancel))
}

// Where the pointer is on the element, in percent of its width and height.
export function percentOf(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect()
  return [
    clamp(((clientX - box.left) / box.width) * 100, 0, 100),
    clamp(((clientY - box.top) / box.height) * 100, 0, 100),
  ]
}
