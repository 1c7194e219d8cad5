// <task-list data-learner="…">: the tasks of Dùng liền. A tick is kept on this phone at once and sent until the server has
// it; the button is for browsers without a script, and says once more what is kept. All texts come from the page.
import { announce, focusText } from "../lib/announce.js"
import { currentPerson, scrollIntoViewIfNeeded, scrollToNextTask } from "../lib/stored-ticks.js"
import { sendTicks, takeSavedTicks, unsentTicks } from "../lib/unsent-ticks.js"

class TaskList extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.boxes = Array.from(this.form.querySelectorAll("[name=task]"))
    this.person = currentPerson()
    this.unsent = unsentTicks("", location.pathname)
    if (this.dataset.learner) this.keepFor(this.dataset.learner)
    this.restore()
    this.form.autocomplete = "off" // the browser would bring back ticks that may be another person's
    this.addEventListener("change", ({ target }) => this.onTick(target))
    this.addEventListener("submit", (event) => {
      event.preventDefault()
      this.onButton()
    })
    scrollToNextTask(() => this.next)
    this.send()
  }

  // The first task that is open, once something is ticked; the end of the page with the mark that was just earned.
  get next() {
    if (this.hasAttribute("data-earned")) return location.hash ? this.end : null
    if (!this.boxes.some((box) => box.checked)) return null
    const open = this.boxes.find((box) => !box.checked)
    return open ? open.closest(".box") : null
  }

  get end() {
    return this.querySelector("#xong")
  }

  // Ticks from before the first save belong to the learner that it made.
  keepFor(learner) {
    const before = this.unsent
    this.unsent = unsentTicks(learner, location.pathname)
    if (this.unsent.key === before.key) return
    this.unsent.write(Object.assign(before.read(), this.unsent.read()))
    before.write({})
  }

  // What was not sent yet goes over what the server sent; so does a tick that was faster than this script, and what was
  // saved after the page was made: from the network it then sends that once more, and hears how many there are.
  restore() {
    const isCopy = document.documentElement.hasAttribute("data-stored")
    const saved = takeSavedTicks(isCopy, this.dataset.learner || "")
    const kept = Object.assign(isCopy ? {} : saved, this.unsent.read())
    const unsent = {}
    const isSaved = ({ value, defaultChecked }) => (typeof saved[value] === "boolean" ? saved[value] : defaultChecked)
    this.boxes.forEach((box) => {
      if (typeof kept[box.value] === "boolean") unsent[box.value] = box.checked = kept[box.value]
      else if (box.checked && !box.defaultChecked) unsent[box.value] = true
      else box.checked = isSaved(box)
      markAsDone(box)
    })
    this.unsent.write(unsent)
    if (isCopy) this.showProgress(this.boxes.filter(isSaved).length, this.boxes.length) // it counts those of before
  }

  onTick(box) {
    this.unsent.write(Object.assign(this.unsent.read(), { [box.value]: box.checked }))
    this.tapped = box
    markAsDone(box)
    this.send()
  }

  async onButton() {
    if (!this.boxes.some((box) => box.checked) && !this.changes.length) return this.showNote("nothing")
    const { tapped } = this
    this.tapped = null // a note now stands at the button
    await this.send()
    this.tapped = tapped
    const line = this.progressLine
    if (!this.changes.length && line && !line.hidden) focusText(line)
    return undefined
  }

  // ---- sending

  get changes() {
    return Object.entries(this.unsent.read())
  }

  send() {
    if (!this.sending) this.sending = this.sendAll().then(() => { this.sending = null })
    else if (this.isOffline) this.showOffline()
    return this.isOffline ? Promise.resolve() : this.sending
  }

  async sendAll() {
    while (this.changes.length) {
      const receipt = await sendTicks(this.form.action, this.unsent, this.person, () => {
        this.isOffline = true
        this.showOffline()
      })
      this.isOffline = false
      if (!receipt || receipt.error) return this.showNote("refused", receipt && receipt.error)
      this.onReceipt(receipt)
    }
    return undefined
  }

  onReceipt({ done, total, earned, learner }) {
    this.keepFor(learner)
    this.clearNote()
    if (earned && !this.hasAttribute("data-earned")) return this.openEnd()
    return announce(this.showProgress(done, total))
  }

  // With the mark the end of the page has the mark and another main button: load it again, there.
  openEnd() {
    history.replaceState(null, "", this.form.action)
    location.reload()
  }

  // ---- what the page says

  get progressLine() {
    return this.querySelector("[data-pattern]")
  }

  // Returns the sentence. A copy may lack the mark for which all is done: only the network brings it.
  showProgress(done, total) {
    const line = this.progressLine
    if (!line) return ""
    const pattern = done < total ? line.dataset.pattern : line.dataset.patternComplete
    line.textContent = pattern.replace("{done}", done).replace("{left}", total - done)
    line.hidden = done === 0
    return line.hidden ? "" : line.textContent
  }

  clearNote() {
    this.querySelectorAll("[data-note]").forEach((note) => note.remove())
  }

  showOffline() {
    this.showNote(this.boxes.every((box) => box.checked) ? "all" : "offline")
  }

  // In the box that was tapped, else before the button.
  showNote(name, text) {
    this.clearNote()
    const note = this.querySelector(`template[data-note-${name}]`).content.firstElementChild.cloneNode(true)
    if (text) note.querySelector(".note__text").textContent = text
    if (this.tapped) this.tapped.closest(".box").append(note)
    else this.end.querySelector("[type=submit]").before(note)
    if (!this.tapped) scrollIntoViewIfNeeded(note)
    announce(note.textContent)
  }
}

function markAsDone(box) {
  box.closest(".box").classList.toggle("task--done", box.checked)
}

customElements.define("task-list", TaskList)
