// A picture to draw areas on: by mouse, finger, pen or arrow keys. It draws; the fields of the form hold the numbers.
import { ConnectionLine } from "./connection-line.js"
import { filled } from "./page-texts.js"
import { ARROWS, clamp, onDrag, percentOf } from "./pointer-drag.js"

const SVG = "http://www.w3.org/2000/svg"
const SIDES = ["trai", "tren", "rong", "cao"]
const SMALLEST = 1 // percent
const TAP_SIZE = 2 // percent: what is drawn smaller is a tap
const TAPPED_AREA = [40, 8] // width and height of the area around a tap
const REACH = [12, 22] // px: the least and the most radius in which a pointer takes a handle
const SHARE = 6 // the part of a small area's longer side that a handle may take, so that the rest moves it

const rounded = (number) => Math.round(number * 10) / 10

// The rectangle [x, y, width, height] inside its picture.
function fit([x, y, width, height]) {
  const [w, h] = [clamp(rounded(width), SMALLEST, 100), clamp(rounded(height), SMALLEST, 100)]
  return [clamp(rounded(x), 0, rounded(100 - w)), clamp(rounded(y), 0, rounded(100 - h)), w, h]
}

export class PictureCanvas {
  // `drawing`: the <practice-drawing>.
  constructor(element, drawing) {
    this.drawing = drawing
    this.picture = element.dataset.canvas
    this.svg = element.querySelector("svg")
    element.classList.add("drawing__canvas--live")
    this.svg.querySelectorAll("[data-place]").forEach((area) => this.makeEditable(area))
    onDrag(this.svg, {
      start: (event) => this.startDrag(event),
      move: (event) => this.drag(event),
      end: (event) => this.endDrag(event),
      cancel: () => this.cancel(),
    })
    this.svg.addEventListener("keydown", (event) => this.onKey(event))
  }

  makeEditable(area) {
    area.setAttribute("tabindex", "0")
    area.setAttribute("role", "button")
    const label = area.dataset.label || this.drawing.texts.newArea
    area.setAttribute("aria-label", filled(this.drawing.texts.areaKeys, { label }))
    this.addPart(area, "circle", { class: "drawing__handle", r: "12" })
    this.addPart(area, "circle", { class: "drawing__leader", r: "16" })
    this.addPart(area, "text", { class: "drawing__sign", "aria-hidden": "true", dy: "6" }).textContent = "→"
    // What a pointer takes is larger than what is seen, and hides nothing.
    this.addPart(area, "circle", { class: "drawing__reach drawing__reach--size", "data-handle": "" })
    this.addPart(area, "circle", { class: "drawing__reach", "data-leader": "" })
    this.drawArea(area, this.rectangle(area))
  }

  addPart(parent, name, attributes) {
    const element = document.createElementNS(SVG, name)
    Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]))
    parent.append(element)
    return element
  }

  // As the fields say, which may be newer than the picture.
  rectangle(area) {
    return SIDES.map((name) => parseFloat(this.drawing.sideField(name, area.dataset.place).value.replace(",", ".")) || 0)
  }

  drawArea(area, [x, y, w, h]) {
    this.setPercents(area, "rect", { x, y, width: w, height: h })
    for (const part of [".drawing__handle", "[data-handle]"]) this.setPercents(area, part, { cx: x + w, cy: y + h })
    for (const part of [".drawing__leader", "[data-leader]"]) this.setPercents(area, part, { cx: x + w / 2, cy: y + h / 2 })
    this.setPercents(area, "text", { x: x + w / 2, y: y + h / 2 })
    const box = this.svg.getBoundingClientRect()
    const reach = clamp(Math.max(w * box.width, h * box.height) / 100 / SHARE, ...REACH)
    area.querySelectorAll(".drawing__reach").forEach((circle) => circle.setAttribute("r", String(reach)))
  }

  setPercents(area, part, numbers) {
    const element = area.querySelector(part)
    Object.keys(numbers).forEach((name) => element.setAttribute(name, `${numbers[name]}%`))
  }

  setRectangle(area, rectangle) {
    this.drawArea(area, rectangle)
    SIDES.forEach((name, index) => {
      this.drawing.sideField(name, area.dataset.place).value = String(rectangle[index])
    })
  }

  // ---- by pointer

  startDrag(event) {
    if (this.gesture) return false
    const area = event.target.closest("[data-place]")
    const from = percentOf(this.svg, event)
    if (!area) {
      this.gesture = { kind: "draw", area: this.newArea(), from, before: [...from, 0, 0] }
    } else if (event.target.closest("[data-leader]")) {
      this.gesture = { kind: "connect", area, line: new ConnectionLine(this.drawing, event) }
    } else {
      const kind = event.target.closest("[data-handle]") ? "resize" : "move"
      this.gesture = { kind, area, from, before: this.rectangle(area) }
    }
    if (area) area.focus({ preventScroll: true })
    return true
  }

  drag(event) {
    if (!this.gesture) return
    if (this.gesture.line) this.gesture.line.follow(event)
    else this.drawArea(this.gesture.area, this.currentRectangle(event))
  }

  endDrag(event) {
    const gesture = this.gesture
    this.gesture = null
    if (!gesture) return
    const place = gesture.area.dataset.place
    if (gesture.line) {
      const card = gesture.line.end(event)
      if (card !== null) this.drawing.connect(place, card)
      return
    }
    this.gesture = gesture
    const rectangle = this.currentRectangle(event)
    this.gesture = null
    const isTap = gesture.kind === "draw" && (rectangle[2] < TAP_SIZE || rectangle[3] < TAP_SIZE)
    const [x, y] = gesture.from || []
    const wanted = isTap ? fit([x - TAPPED_AREA[0] / 2, y - TAPPED_AREA[1] / 2, ...TAPPED_AREA]) : rectangle
    const isSame = gesture.kind !== "draw" && wanted.every((number, index) => number === gesture.before[index])
    this.setRectangle(gesture.area, wanted)
    if (!isSame) this.drawing.onAreaChanged(place, this.picture)
  }

  cancel() {
    const gesture = this.gesture
    this.gesture = null
    if (!gesture) return
    if (gesture.line) gesture.line.end(null)
    else if (gesture.kind === "draw") gesture.area.remove()
    else this.drawArea(gesture.area, gesture.before)
  }

  // The rectangle of the gesture so far.
  currentRectangle(event) {
    const { kind, from, before } = this.gesture
    const [x, y] = percentOf(this.svg, event)
    const [dx, dy] = [x - from[0], y - from[1]]
    if (kind === "draw") return fit([Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(dx), Math.abs(dy)])
    if (kind === "move") return fit([before[0] + dx, before[1] + dy, before[2], before[3]])
    return this.resized(before, dx, dy)
  }

  // The left and the upper side stay where they are.
  resized([x, y, w, h], dx, dy) {
    return [x, y, clamp(rounded(w + dx), SMALLEST, rounded(100 - x)), clamp(rounded(h + dy), SMALLEST, rounded(100 - y))]
  }

  get hasNewArea() {
    return Boolean(this.svg.querySelector('[data-place="moi"]'))
  }

  // One new area at a time: it waits for its name.
  newArea() {
    document.querySelectorAll('[data-place="moi"]').forEach((area) => area.remove())
    const area = this.addPart(this.svg, "g", { class: "drawing__area drawing__area--chosen", "data-place": "moi" })
    this.addPart(area, "rect", { class: "drawing__box" })
    this.makeEditable(area)
    return area
  }

  // ---- by key

  onKey(event) {
    const area = event.target.closest("[data-place]")
    if (!area || event.altKey || event.ctrlKey || event.metaKey) return
    const place = area.dataset.place
    const step = ARROWS[event.key]
    if (step) {
      const [x, y, w, h] = this.rectangle(area)
      const wanted = event.shiftKey ? this.resized([x, y, w, h], ...step) : fit([x + step[0], y + step[1], w, h])
      this.setRectangle(area, wanted)
      if (place !== "moi") this.drawing.onAreaChanged(place, this.picture)
    } else if (event.key === "Enter") {
      this.drawing.focusName(place)
    } else if (event.key === "Delete" && place !== "moi") {
      this.drawing.removeArea(place)
    } else {
      return
    }
    event.preventDefault()
  }
}
