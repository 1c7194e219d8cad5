// A screenshot on a canvas, of which places are covered before anything is sent. What is covered is gone: the canvas itself is
// painted over, and only the canvas leaves the phone.
import { ARROWS, clamp, onDrag, percentOf } from "./pointer-drag.js"

const COVER_COLOUR = "#3a3a36"
const MAX_SIDE = 1600 // px of a side; the server keeps less
const KEYBOARD_FRAME = [30, 45, 40, 6] // percent: what the keys move at first
const STEP = 2 // percent

// Browsers without it (Safari before 15) send the file as it is: the page's policy lets no script show it otherwise.
export const canPaint = () => "createImageBitmap" in window

export class ScreenshotRedactor {
  // `changed()`: a place was covered or uncovered.
  constructor(canvas, changed) {
    this.canvas = canvas
    this.changed = changed
    this.covers = []
    onDrag(canvas, {
      start: (event) => this.startDrag(event),
      move: (event) => this.drag(event),
      end: (event) => this.endDrag(event),
      cancel: () => this.endDrag(null),
    })
    canvas.addEventListener("keydown", (event) => this.onKey(event))
    canvas.addEventListener("focus", () => this.paint())
    canvas.addEventListener("blur", () => this.paint())
  }

  // Show a file; throws what is no picture.
  async open(file) {
    if (window.createImageBitmap) this.show(await createImageBitmap(file))
  }

  show(picture) {
    const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height))
    this.picture = picture
    this.canvas.width = Math.round(picture.width * scale)
    this.canvas.height = Math.round(picture.height * scale)
    this.covers = []
    this.frame = KEYBOARD_FRAME
    this.paint()
  }

  // The picture as it looks now, without the frame of the keys.
  file() {
    this.paint(true)
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"))
  }

  uncover() {
    this.covers.pop()
    this.paint()
    this.changed()
  }

  paint(isFinal = false) {
    if (!this.picture) return
    const { width, height } = this.canvas
    const pen = this.canvas.getContext("2d")
    pen.drawImage(this.picture, 0, 0, width, height)
    pen.fillStyle = COVER_COLOUR
    const shown = this.drawn && !isFinal ? [...this.covers, this.drawn] : this.covers
    for (const [x, y, w, h] of shown) {
      // Whole pixels, outwards, so that no edge shines through.
      const [left, top] = [Math.floor((x * width) / 100), Math.floor((y * height) / 100)]
      pen.fillRect(left, top, Math.ceil(((x + w) * width) / 100) - left, Math.ceil(((y + h) * height) / 100) - top)
    }
    if (isFinal || document.activeElement !== this.canvas || this.drawn) return
    const [x, y, w, h] = this.frame
    pen.lineWidth = Math.max(2, width / 150)
    pen.strokeStyle = "#9b1c1c"
    pen.strokeRect((x * width) / 100, (y * height) / 100, (w * width) / 100, (h * height) / 100)
  }

  cover(rectangle) {
    this.covers.push(rectangle)
    this.paint()
    this.changed()
  }

  // ---- by pointer

  startDrag(event) {
    if (!this.picture || this.from) return false
    this.from = percentOf(this.canvas, event)
    return true
  }

  drag(event) {
    if (!this.from) return
    const [x, y] = percentOf(this.canvas, event)
    this.drawn = [Math.min(x, this.from[0]), Math.min(y, this.from[1]), Math.abs(x - this.from[0]), Math.abs(y - this.from[1])]
    this.paint()
  }

  endDrag(event) {
    const { drawn } = this
    this.from = this.drawn = null
    if (event && drawn && drawn[2] && drawn[3]) this.cover(drawn)
    else this.paint()
  }

  // ---- by key

  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.picture) return
    const step = ARROWS[event.key]
    const [x, y, w, h] = this.frame
    if (step && event.shiftKey) {
      this.frame = [x, y, clamp(w + step[0] * STEP, STEP, 100 - x), clamp(h + step[1] * STEP, STEP, 100 - y)]
    } else if (step) {
      this.frame = [clamp(x + step[0] * STEP, 0, 100 - w), clamp(y + step[1] * STEP, 0, 100 - h), w, h]
    } else if (event.key === "Enter") {
      this.cover(this.frame)
    } else {
      return
    }
    event.preventDefault()
    this.paint()
  }
}
