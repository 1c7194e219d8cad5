// <answer-places>: the places of an ordering or a matching. Cards that are tapped one after another, or letters, set the
// form's selects, which stay hidden; without a script there are the selects alone. All texts come from the page.
import { announce } from "../lib/announce.js"

class AnswerPlaces extends HTMLElement {
  connectedCallback() {
    this.selects = Array.from(this.querySelectorAll("select"))
    this.cards = Array.from(this.querySelectorAll("[data-card]"))
    this.rows = Array.from(this.querySelectorAll("[data-row]"))
    this.restart = this.querySelector("[data-restart]")
    // Their values are those of the selects: nothing of them is sent.
    this.querySelectorAll("[data-letter]").forEach((radio) => radio.setAttribute("form", ""))
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-card], [data-restart]")
      if (button === this.restart && button) this.startAgain()
      else if (button) this.toggle(button)
    })
    // The question around it hears of the change afterwards.
    this.addEventListener("change", ({ target }) => {
      const row = target.closest("[data-row]")
      if (row) this.selects[this.rows.indexOf(row)].value = target.value
      this.refresh()
    })
    window.addEventListener("pageshow", () => this.refresh()) // the browser has filled in what was chosen before
    this.querySelector("[data-selects]").hidden = true // which is not read aloud either
    this.refresh()
  }

  // Show what the selects have; for whoever changes them.
  refresh() {
    if (this.cards.length) this.refreshCards()
    else this.rows.forEach((row, index) => this.refreshRow(row, this.selects[index]))
  }

  refreshCards() {
    this.selects.forEach((select) => {
      if (this.selects.find(({ value }) => value === select.value) !== select) select.value = "" // a place has one card
    })
    this.cards.forEach((card) => {
      const select = this.placeOf(card)
      card.querySelector("[data-number]").textContent = select ? this.selects.indexOf(select) + 1 : ""
      card.setAttribute("aria-pressed", String(Boolean(select)))
      showRight(card, Boolean(select) && isRight(select))
      card.disabled = Boolean(select) && isRight(select)
    })
    this.restart.hidden = this.selects.every(isRight)
  }

  refreshRow(row, select) {
    const isDone = isRight(select)
    let picked = null
    row.querySelectorAll("[data-letter]").forEach((radio) => {
      radio.checked = radio.value === select.value
      radio.disabled = isDone
      if (radio.checked) picked = document.getElementById(radio.getAttribute("aria-labelledby"))
    })
    const line = row.querySelector("[data-picked]")
    line.setAttribute("aria-hidden", "true") // the radio has told it
    line.hidden = !picked
    line.innerHTML = picked ? picked.innerHTML : ""
    showRight(row, isDone)
  }

  placeOf(card) {
    return this.selects.find(({ value }) => value === card.dataset.card)
  }

  // A card takes the first free place; tapped again, it leaves it.
  toggle(card) {
    const taken = this.placeOf(card)
    const select = taken || this.selects.find(({ value }) => !value)
    if (!select) return
    select.value = taken ? "" : card.dataset.card
    const text = taken ? this.dataset.textRemoved : this.dataset.textPlaced
    announce(text.replace("{}", this.selects.indexOf(select) + 1) + card.querySelector("[data-name]").textContent)
    select.dispatchEvent(new Event("change", { bubbles: true }))
  }

  // What is right stays.
  startAgain() {
    const emptied = this.selects.filter((select) => !isRight(select))
    emptied.forEach((select) => { select.value = "" })
    announce(this.dataset.textRestarted)
    emptied[0].dispatchEvent(new Event("change", { bubbles: true }))
  }
}

const isRight = (select) => select.closest(".question__place").classList.contains("question__place--right")

function showRight(element, isShown) {
  element.classList.toggle("answer-places--right", isShown)
}

customElements.define("answer-places", AnswerPlaces)
