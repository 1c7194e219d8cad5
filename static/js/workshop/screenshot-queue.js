// The form that makes screens of screenshots: with a script several files are chosen at once, and each is looked at, covered and
// named before it is sent. Without one, or where the browser cannot paint, the form sends the file as it is.
import { counted, filled } from "./page-texts.js"
import { ScreenshotRedactor } from "./screenshot-redactor.js"

export class ScreenshotQueue {
  // `drawing`: the <practice-drawing>, which sends a screen and resolves to whether it was added.
  constructor(box, drawing) {
    this.drawing = drawing
    this.form = box.querySelector("form")
    this.tools = box.querySelector("[data-cover]")
    this.input = this.form.elements.anh
    this.files = []
    this.canvas = box.querySelector("canvas")
    this.cover = new ScreenshotRedactor(this.canvas, () => this.onCovered())
    this.undo = box.querySelector("[data-uncover]")
    this.undo.addEventListener("click", () => this.cover.uncover())
    box.querySelector("[data-skip]").addEventListener("click", () => this.next())
    this.input.multiple = true
    this.input.addEventListener("change", () => this.begin())
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      event.stopPropagation()
      this.send()
    })
  }

  begin() {
    this.files = Array.from(this.input.files)
    this.total = this.files.length
    this.input.value = ""
    this.show()
  }

  next() {
    this.files.shift()
    this.show()
  }

  async show() {
    this.form.elements["da-nhin"].checked = false
    this.tools.hidden = !this.files.length
    this.input.closest(".drawing__field").hidden = Boolean(this.files.length) // it would say that no file is chosen
    if (!this.files.length) return
    try {
      await this.cover.open(this.files[0])
    } catch (error) {
      this.drawing.showMessage(filled(this.drawing.texts.noPicture, { file: this.files[0].name }))
      this.next()
      return
    }
    this.onCovered()
    this.canvas.focus()
  }

  // After covering something, the person has to confirm anew that nothing private is left.
  onCovered() {
    this.undo.disabled = !this.cover.covers.length
    this.form.elements["da-nhin"].checked = false
    const number = this.total - this.files.length + 1
    const { shot, covered } = this.drawing.texts
    const count = this.cover.covers.length
    const words = [filled(shot, { number, total: this.total }), count ? counted(covered, count) : ""]
    this.tools.querySelector("[data-cover-count]").textContent = words.filter(Boolean).join(" ")
  }

  async send() {
    if (this.isBusy) return
    this.isBusy = true
    const { "man-moi": title, "man-mo-ta": alt, "da-nhin": looked } = this.form.elements
    const fields = { "man-moi": title.value, "man-mo-ta": alt.value, khoa: this.form.elements.khoa.value, tep: this.form.elements.tep.value }
    if (looked.checked) fields["da-nhin"] = "1"
    const picture = this.files.length ? await this.cover.file() : null
    const isAdded = await this.drawing.addScreenshot(this.form.getAttribute("action"), fields, picture, this.files[0])
    this.isBusy = false
    this.cover.paint()
    if (!isAdded) return
    title.value = alt.value = ""
    this.next()
  }
}
