// <class-question data-kind="…">: a question on a phone in class. Each change of the answer is sent; the class's state
// says what may be done: read, answer, wait, see the solution.
import { announce } from "../lib/announce.js"
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { postForm } from "../lib/network.js"
import { isPrivateNumber } from "../lib/private-number.js"

const TYPING_PAUSE = 1500    // ms after the last letter
const IS_VIETNAMESE = document.documentElement.lang === "vi"
const SOLUTION_TIMEOUT = 10000 // ms
const SOLUTION_RETRY = 3000
const PHASES = ["read", "open", "locked", "shown"]

class ClassQuestion extends HTMLElement {
  connectedCallback() {
    this.timer = 0
    this.solutionTimer = 0
    this.isSending = false
    this.isFetchingSolution = false
    this.isIncomplete = false // the error says what is missing or chosen twice
    this.sent = ""            // the last answer that the server has
    this.addEventListener("change", ({ target }) => {
      if (target.closest("[data-fields]")) this.sendAfter(0)
    })
    this.addEventListener("input", () => {
      if (this.dataset.kind === "typed") this.sendAfter(TYPING_PAUSE)
    })
    this.addEventListener("submit", (event) => {
      event.preventDefault()
      if (this.answerData()) this.send()
      else this.showIncomplete(this.text("Incomplete"))
    })
    if (this.hidden) return
    if (this.fields.some(isChanged)) this.sendAfter(0) // changed before this script came
  }

  text(name) {
    return this.closest("[data-text-saved]").dataset[`text${name}`]
  }

  get form() {
    return this.querySelector("form")
  }

  // Also those that are disabled, which a form leaves out.
  get fields() {
    return Array.from(this.querySelectorAll("[data-fields] [name=answer]"))
  }

  get phase() {
    return PHASES.find((phase) => this.classList.contains(`class-question--${phase}`))
  }

  // Changes with each phase and each round.
  get phaseKey() {
    return this.phase + this.round.value
  }

  get round() {
    return this.querySelector("[data-round]")
  }

  get savedLine() {
    return this.querySelector("[data-saved]")
  }

  get solution() {
    return this.querySelector("[data-solution]")
  }

  // ---- the class's state

  show(state) {
    const { phase, round } = state
    if (Number(this.round.value) !== round) this.startRound(round)
    this.classList.toggle("class-question--later-round", round > 1)
    if (round > 1) this.querySelector("[data-round-name]").textContent = this.text(`Round-${round}`)
    for (const each of PHASES) this.classList.toggle(`class-question--${each}`, each === phase)
    if (phase !== "open") this.fillKept()
    this.querySelector("[data-fields]").disabled = phase !== "open"
    if (phase !== "open" && this.isIncomplete) this.showError("") // nothing can be added any more
    if (phase === "shown") this.showSolution(state)
    else this.solution.innerHTML = ""
  }

  startRound(round) {
    this.round.value = round
    this.fill([])
    this.savedLine.hidden = true
    this.solution.innerHTML = "" // the last round's, on a phone that was away until this one was shown
    this.showError("")
  }

  // What to do now: the visible line, or that the question is open; then the solution.
  get instruction() {
    for (const line of this.querySelectorAll("[data-instruction]")) if (line.offsetParent) return line.textContent
    if (this.phase === "shown") return this.solutionText
    return this.phase === "open" ? this.text("Open") : ""
  }

  // ---- the answer

  sendAfter(milliseconds) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(), milliseconds)
  }

  async send() {
    clearTimeout(this.timer)
    const data = this.answerData()
    if (this.isSending) return
    if (!data) {
      if (this.dataset.textDuplicate) this.showIncomplete(this.duplicateError())
      return
    }
    const input = this.querySelector("[data-allowed-digit-counts]")
    if (input && isPrivateNumber(input)) {
      input.value = ""
      this.showIncomplete(this.text("Private"))
      return
    }
    const duplicate = this.duplicateError()
    if (duplicate || data === this.sent) {
      this.savedLine.hidden = Boolean(duplicate)
      this.showIncomplete(duplicate)
      return
    }
    const round = this.round.value
    this.isSending = true
    const answer = await postForm(this.form, () => this.showError(this.text("Offline")))
    this.isSending = false
    if (answer === null) location.reload()
    else if (this.round.value !== round) { // another round began meanwhile: nothing to say about the last one
      this.showError("")
      this.send()
    } else if (answer.error && answer.answer) this.showTooLate(answer)
    else this.showReceipt(answer, data)
  }

  // The answer as the form sends it; "" while some of it is missing.
  answerData() {
    const data = new FormData(this.form)
    const values = data.getAll("answer")
    return values.length && values.every((value) => value.trim()) ? new URLSearchParams(data).toString() : ""
  }

  // "" unless an ordering or matching uses something twice; such an answer is not sent.
  duplicateError() {
    const selects = Array.from(this.querySelectorAll("select"))
    const duplicate = selects.find(({ value }, index) => value && selects.findIndex((select) => select.value === value) < index)
    const text = this.dataset.textDuplicate
    if (!duplicate || !text) return ""
    const places = selects.filter(({ value }) => value === duplicate.value).map(({ labels }) => `“${labels[0].textContent}”`)
    const parts = [duplicate.selectedOptions[0].text, places.join(", ")]
    return text.replace(/\{\}/g, () => parts.shift())
  }

  showReceipt({ kept: isSaved, error }, data) {
    this.showError(error || "")
    // Not at each pause of somebody who is still typing.
    if (isSaved && (this.savedLine.hidden || this.dataset.kind !== "typed")) announce(this.text("Saved"))
    this.savedLine.hidden = !isSaved
    if (!isSaved) return
    this.sent = data
    if (this.answerData() !== data) this.send() // changed while it was on its way
  }

  // The question was locked before the answer came. The fields go back to the answer that the server has; where that is
  // the one that was sent (only the response was lost), nothing came too late.
  showTooLate({ error, answer }) {
    const wanted = this.fieldValues()
    this.fill(answer)
    this.sent = ""
    this.savedLine.hidden = !answer.length
    this.markOwnAnswer()
    const isLate = this.fieldValues() !== wanted && !this.hidden
    this.showError(isLate ? error + (answer.length ? ` ${this.text("EarlierAnswer")}` : "") : "")
  }

  fill(values) {
    this.fields.forEach((field, index) => {
      if (isTick(field)) field.checked = values.includes(field.value)
      else if (/^\?\d+$/.test(values[index])) field.value = this.sameLength(values[index], field.value)
      else field.value = values[index] || ""
    })
    const places = this.querySelector("answer-places:defined")
    if (places) places.refresh()
  }

  // Places that were emptied again get back what the server has of this round.
  fillKept() {
    const kept = new URLSearchParams(this.sent)
    if (this.dataset.textDuplicate && kept.get("round") === this.round.value && !this.answerData()) this.fill(kept.getAll("answer"))
  }

  // Of an answer that matched nothing the server has only the length: "?6".
  sameLength(kept, typed) {
    return kept === `?${Array.from(typed.normalize("NFC")).length}` ? typed : ""
  }

  fieldValues() {
    return JSON.stringify(this.fields.map((field) => isTick(field) ? field.checked : field.value))
  }

  showIncomplete(text) {
    this.showError(text)
    this.isIncomplete = true
  }

  showError(text) {
    this.isIncomplete = false
    const error = this.querySelector("[data-error]")
    error.hidden = !text
    error.lastElementChild.textContent = text
  }

  // ---- the solution

  // It comes with the state in which the class sees it, so that no phone can know it before: in Vietnamese, for all
  // phones. Another language has a page of it, as has a worker of the release before, which sends none.
  showSolution({ solution, right, round }) {
    const { question } = this.dataset
    if (this.solution.firstElementChild) this.markOwnAnswer()
    else if (IS_VIETNAMESE && solution && solution.question === question) this.fillSolution(solution.html, right === `${question}/${round}`)
    else this.fetchSolution()
  }

  async fetchSolution() {
    if (this.isFetchingSolution) return
    this.isFetchingSolution = true
    clearTimeout(this.solutionTimer)
    try {
      const url = `${this.dataset.solutionUrl}&round=${this.round.value}`
      const { html, right: isRight } = await fetchWithTimeout(SOLUTION_TIMEOUT, url, {}, (response) => response.json())
      if (html && this.phase === "shown") {
        this.fillSolution(html, isRight)
        announce(this.solutionText)
      }
    } catch (error) {
      // No other state may come for minutes. Not all phones of a class at once.
      this.solutionTimer = setTimeout(() => this.retrySolution(), SOLUTION_RETRY * (1 + Math.random()))
    }
    this.isFetchingSolution = false
  }

  retrySolution() {
    if (this.isConnected && this.phase === "shown" && !this.solution.firstElementChild) this.fetchSolution()
  }

  fillSolution(html, isRight) {
    this.solution.innerHTML = html
    const line = this.solution.querySelector("[data-right]")
    if (line) line.hidden = !isRight
    this.markOwnAnswer()
  }

  markOwnAnswer() {
    const picked = this.fields.filter((field) => field.checked).map((field) => field.value)
    this.solution.querySelectorAll("[data-option]").forEach((option) => {
      option.querySelector("[data-mine]").hidden = !picked.includes(option.dataset.option)
    })
  }

  // The right options and the own one; the others, and the feedback, are there to be read.
  get solutionText() {
    const lines = this.solution.querySelectorAll("[data-right]:not([hidden]), .solution__option--correct > .row--top, .solution__mine:not([hidden]), .solution__card")
    const rows = new Set(Array.from(lines, (line) => line.closest(".row--top, .solution__card")))
    return Array.from(rows, (row) => row.innerText.trim().replace(/\s*\n\s*/g, ". ")).join(". ")
  }
}

const isTick = (field) => field.type === "radio" || field.type === "checkbox"

function isChanged(field) {
  if (field.matches("select")) return field.value && !field.selectedOptions[0].defaultSelected
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue
}

customElements.define("class-question", ClassQuestion)
