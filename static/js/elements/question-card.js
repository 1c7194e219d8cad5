// <question-card data-kind="…">: one question, answered in place. Without a script its form does the same, and the page
// loads again. All texts come from the page: templates of macros/question.html.
import { announce, focusText } from "../lib/announce.js"
import { postForm } from "../lib/network.js"
import { isPrivateNumber } from "../lib/private-number.js"

class QuestionCard extends HTMLElement {
  connectedCallback() {
    this.isBusy = false
    this.addEventListener("submit", (event) => {
      event.preventDefault()
      if (this.isBusy) return
      if (this.holdsPrivateNumber()) this.refusePrivateNumber()
      else if (this.isComplete() && !this.findDuplicate()) this.send()
      else this.showAndAnnounce(this.incompleteNote())
    })
    this.addEventListener("change", () => this.showDuplicate())
    if (this.selects.length) this.awaitReader()
  }

  get form() {
    return this.querySelector("form")
  }

  get kind() {
    return this.dataset.kind
  }

  get selects() {
    return Array.from(this.querySelectorAll("select"))
  }

  // The script of the places is fetched when the reader comes near.
  awaitReader() {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      observer.disconnect()
      import("./answer-places.js")
    }, { rootMargin: "1500px" })
    observer.observe(this)
  }

  // Shows the values of the selects; null in other kinds of questions, and before its script is there.
  get places() {
    return this.querySelector("answer-places:defined")
  }

  // ---- before sending

  isComplete() {
    const values = new FormData(this.form).getAll("answer")
    return values.length > 0 && values.every((value) => value.trim())
  }

  // A long number that no answer is like may be a code of the learner's own: it does not leave the phone.
  holdsPrivateNumber() {
    const input = this.querySelector("[data-allowed-digit-counts]")
    return input !== null && isPrivateNumber(input)
  }

  refusePrivateNumber() {
    this.querySelector("[data-allowed-digit-counts]").value = ""
    this.showAndAnnounce(noteFrom("feedback-private"))
  }

  // The select that repeats an earlier one's choice: an ordering or matching uses each item once.
  findDuplicate() {
    const { selects } = this
    return selects.find(({ value }, index) => value && selects.findIndex((select) => select.value === value) < index)
  }

  // At once, not only when the answer is sent.
  showDuplicate() {
    const duplicate = this.findDuplicate()
    const shown = this.querySelector("[data-duplicate]")
    if (duplicate) this.showAndAnnounce(this.duplicateNote(duplicate))
    else if (shown) shown.remove()
  }

  duplicateNote(duplicate) {
    const note = insertName(noteFrom("feedback-duplicate"), duplicate.selectedOptions[0])
    note.querySelector("[data-places]").textContent = this.selects.filter((select) => select.value === duplicate.value)
      .map((select) => `“${select.labels[0].textContent}”`).join(", ")
    note.dataset.duplicate = ""
    return note
  }

  incompleteNote() {
    const empty = this.selects.find((select) => !select.value)
    const duplicate = empty ? undefined : this.findDuplicate()
    if (empty) return insertName(noteFrom("feedback-empty"), empty.labels[0])
    if (duplicate) return this.duplicateNote(duplicate)
    return insertName(noteFrom(`feedback-missing-${this.kind}`), this.querySelector("form > .button .button__face"))
  }

  // ---- sending

  async send() {
    this.setBusy(true)
    const answer = await postForm(this.form, () => this.showAndAnnounce(noteFrom("feedback-offline")))
    this.setBusy(false)
    this.clearFeedback()
    if (answer === null) location.reload()
    else this.show(answer)
  }

  // `kept`: the answer waits on this phone for a network; the service worker says so.
  show(answer) {
    if (answer.kept) {
      this.showAndAnnounce(noteFrom("feedback-kept"))
      import("../offline/stored-answers.js")
    } else if (answer.error) this.showAndAnnounce(noteFrom("feedback-tip", answer.error))
    else this.showResult(answer)
  }

  setBusy(isBusy) {
    this.isBusy = isBusy
    this.setAttribute("aria-busy", String(isBusy))
  }

  // ---- result

  showResult({ right, said: feedback, progress, places = [], private: isPrivate }) {
    if (progress && showProgress(progress)) {
      // A newly earned mark: the end of the page now has the mark and the learning code. The form's address leads back
      // to this card; a plain reload would scroll to where the old page had it.
      location.replace(this.form.action)
      return
    }
    const isPoll = this.kind === "poll"
    const isMultiple = this.kind === "multiple"
    const isDone = right || isPoll
    const tone = isPoll ? "thanks" : isDone ? "right" : isMultiple ? "tip" : "careful"
    const beside = feedback.filter(({ key, html }) => key && html && this.showBeside(key, html, isPoll ? "tip" : tone))
    const general = feedback.filter(({ key, html }) => !key && html).map(({ html }) => html).join(" ")
    const rightPlaces = isDone ? 0 : this.keepRightPlaces(places)
    if (isPrivate) this.refusePrivateNumber()
    else if (rightPlaces) this.showNote(insertName(noteFrom("feedback-places"), { textContent: rightPlaces }))
    else if (isMultiple && !isDone) this.showNote(noteFrom("feedback-all", general))
    else if (general || !beside.length) this.showNote(noteFrom(`feedback-${tone}`, general))
    this.querySelectorAll("[data-try-again]").forEach((element) => { element.hidden = isDone })
    if (isDone) this.finish(right)
    else this.askAgain()
    if (!isPrivate) this.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { right: isDone } }))
  }

  // In a wrong answer what is right stays, and the rest is to be chosen again; how many are right.
  keepRightPlaces(places) {
    const count = places.filter(Boolean).length
    this.selects.forEach((select, index) => {
      select.closest(".question__place").classList.toggle("question__place--right", places[index])
      if (count && !places[index]) select.value = ""
    })
    if (this.places) this.places.refresh()
    return count
  }

  // The author's feedback to an option, in the option's own frame.
  showBeside(key, html, tone) {
    const input = Array.from(this.querySelectorAll(".question__option input")).find(({ value }) => value === key)
    if (!input) return false
    const option = input.closest(".question__option")
    const note = noteFrom(`feedback-beside-${tone}`, html)
    option.classList.remove("box")
    option.classList.add("question__option--picked", `tone-${tone}`)
    option.append(note)
    note.id = `noi-${this.id}-${key}`
    input.setAttribute("aria-describedby", note.id)
    return true
  }

  showNote(note) {
    this.querySelectorAll("[data-feedback]").forEach((element) => element.remove())
    this.querySelector("[data-try-again], .hints, form > .button").before(note)
    note.id = `noi-${this.id}`
  }

  // The button keeps the focus, so the note is announced.
  showAndAnnounce(note) {
    this.showNote(note)
    announce(note.textContent)
  }

  // In the order of the page.
  get notes() {
    return Array.from(this.querySelectorAll("[data-feedback], .question__option-feedback"))
  }

  askAgain() {
    this.querySelector("form > .button .button__face").textContent = this.querySelector("[data-retry-label]").dataset.retryLabel
    const general = this.querySelector("[data-feedback]")
    this.querySelectorAll(".field, [role=group]").forEach((field) => {
      if (general && !field.closest(".question__place")) field.setAttribute("aria-describedby", general.id)
      if (field.matches("input")) field.setAttribute("aria-invalid", "true")
    })
    announce(textOf([...this.notes, ...this.querySelectorAll("[data-try-again]")]))
  }

  clearFeedback() {
    this.notes.forEach((note) => note.remove())
    this.querySelectorAll("[aria-describedby], [aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-describedby")
      field.removeAttribute("aria-invalid")
      field.classList.remove("field--wrong")
    })
    this.querySelectorAll(".question__option--picked").forEach((option) => {
      option.classList.remove("question__option--picked", "tone-careful", "tone-right", "tone-tip")
      option.classList.add("box")
    })
  }

  // The focused button goes: the first note gets the focus and is read before the others.
  finish(isRight) {
    this.querySelectorAll("form > .button, .hints").forEach((element) => element.remove())
    this.querySelectorAll("input, select").forEach((field) => { field.disabled = true })
    if (isRight) this.keepRightPlaces(this.selects.map(() => true))
    const [first, ...others] = this.notes
    focusText(first)
    announce(textOf([...others, ...document.querySelectorAll("[data-progress]")]))
  }
}

const textOf = (elements) => elements.map((element) => element.textContent).join(" ")

function insertName(note, named) {
  note.querySelector("[data-name]").textContent = named.textContent
  return note
}

// A note from its template, with the author's sentence where there is one.
function noteFrom(name, html) {
  const note = document.getElementById(name).content.firstElementChild.cloneNode(true)
  if (html) note.querySelector(".note__text").innerHTML = html
  return note
}

// Whether the mark has just been earned.
function showProgress({ right, total, needed, earned }) {
  const line = document.querySelector("[data-progress]")
  if (!line) return false
  const numbers = { right, total, needed }
  line.textContent = line.dataset.progress.replace(/\{(\w+)\}/g, (whole, name) => numbers[name])
  return earned && !line.hasAttribute("data-earned")
}

customElements.define("question-card", QuestionCard)
