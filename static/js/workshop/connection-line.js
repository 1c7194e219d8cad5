// A thread from an area to the card of a screen, while a pointer draws it.
const SVG = "http://www.w3.org/2000/svg"
const EDGE = 60 // px from the edge of the cards at which they scroll
const SCROLL = 14 // px

export class ConnectionLine {
  constructor(drawing, event) {
    this.drawing = drawing
    this.cards = drawing.querySelector("[data-cards]")
    this.svg = document.createElementNS(SVG, "svg")
    this.svg.setAttribute("class", "drawing__connection")
    this.line = document.createElementNS(SVG, "line")
    this.line.setAttribute("x1", event.clientX)
    this.line.setAttribute("y1", event.clientY)
    this.svg.append(this.line)
    drawing.append(this.svg)
    this.follow(event)
  }

  follow(event) {
    this.line.setAttribute("x2", event.clientX)
    this.line.setAttribute("y2", event.clientY)
    this.mark(this.cardAt(event))
    const box = this.cards.getBoundingClientRect()
    if (event.clientX < box.left || event.clientX > box.right) return
    if (event.clientY > box.bottom - EDGE) this.cards.scrollBy(0, SCROLL)
    else if (event.clientY < box.top + EDGE) this.cards.scrollBy(0, -SCROLL)
  }

  // The number of the screen on whose card it ends, null elsewhere and where it was broken off (no event).
  end(event) {
    const card = event && this.cardAt(event)
    this.mark(null)
    this.svg.remove()
    return card ? card.dataset.card : null
  }

  cardAt(event) {
    const under = document.elementFromPoint(event.clientX, event.clientY)
    return under && under.closest("[data-card]")
  }

  mark(card) {
    if (card === this.marked) return
    if (this.marked) this.marked.classList.remove("drawing__card--under")
    if (card) card.classList.add("drawing__card--under")
    this.marked = card
  }
}
