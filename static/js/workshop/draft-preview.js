// The preview beside the text: the pages of the site in a frame without scripts. It follows the cursor; a tap in a
// practice goes on from there.
const PHONE = "dien-thoai"
const BOARD = "man-chieu"
const GUIDE = "huong-dan"

export class DraftPreview {
  // `ask(fields)` sends the draft and returns the JSON.
  // `guide` is the guide, which stands here instead of a preview; `guideFollows` says how it is opened.
  constructor(section, ask, guide, guideFollows) {
    this.section = section
    this.frame = section.querySelector("[data-phone]")
    this.note = section.querySelector("[data-preview-note]")
    this.hint = this.note.textContent
    this.again = section.querySelector("[data-again]")
    this.guide = guide
    this.guideFollows = guideFollows
    this.ask = ask
    this.kind = PHONE
    this.places = []
    this.page = null    // the document in the frame
    this.loading = null // a promise, while the frame gets another one
    this.line = 0
    this.log = ""
    section.hidden = false
    section.addEventListener("click", (event) => this.onClick(event))
  }

  onClick(event) {
    const tab = event.target.closest("[data-as]")
    if (tab) this.select(tab)
    if (event.target.closest("[data-again]")) this.stopPractice()
  }

  select(tab) {
    this.kind = tab.dataset.as
    this.section.querySelectorAll("[data-as]").forEach((each) => {
      each.setAttribute("aria-pressed", String(each === tab))
    })
    this.guide.show(this.kind === GUIDE, this.line)
    this.frame.classList.toggle("editor__phone--wide", this.kind === BOARD)
    this.frame.hidden = this.kind === GUIDE
    this.log = ""
    this.draw()
  }

  // The draft was changed.
  async draw(step = {}) {
    if (this.kind === GUIDE) {
      this.note.textContent = this.guideFollows
      return
    }
    const number = this.asked = (this.asked || 0) + 1
    const found = await this.ask({ do: "xem-thu", as: this.kind, line: this.line, ...step })
    if (number !== this.asked || !found) return
    this.note.textContent = found.sentence || (this.kind === BOARD ? "" : this.hint)
    this.frame.classList.toggle("editor__phone--older", Boolean(found.sentence && this.page))
    if (found.way) this.addLink(found.way)
    if (found.sentence) return
    this.places = found.places
    this.log = step.screen ? found.log : ""
    if (this.again) this.again.hidden = !this.log
    await this.showPage(found)
    if (!this.log) this.showPart(this.placeAtLine(this.line))
  }

  // A link to the file that has the error.
  addLink([address, label]) {
    const link = document.createElement("a")
    link.className = "workshop__link"
    link.href = address
    link.textContent = label
    this.note.append(" ", link)
  }

  stopPractice() {
    this.log = ""
    if (this.again) this.again.hidden = true
    this.draw()
  }

  // The cursor is at this line.
  follow(line) {
    this.guide.follow(line)
    const place = this.placeAtLine(line)
    const isMoved = place !== this.placeAtLine(this.line)
    this.line = line
    if (!isMoved) return
    if (this.kind === BOARD) this.draw()
    else if (this.log) this.stopPractice()
    else this.showPart(place)
  }

  // The id of the screen, section or question that begins at a line or above it; "" before the first.
  placeAtLine(line) {
    return this.places.reduce((found, [at, id]) => (at <= line ? id : found), "")
  }

  showPart(id) {
    if (this.kind === PHONE && this.page) this.showPlace(id)
  }

  // ---- the frame

  async showPage(found) {
    const page = new DOMParser().parseFromString(found.html, "text/html")
    page.querySelectorAll("script, link[rel=modulepreload], link[rel=manifest], meta[http-equiv=refresh]").forEach((element) => element.remove())
    const head = Array.from(page.querySelectorAll("link[rel=stylesheet]"), (link) => link.getAttribute("href")).join(" ")
    while (this.loading) await this.loading // what is put into a frame before its page has come is lost
    if (head === this.head) {
      this.page.body.className = page.body.className
      this.page.body.innerHTML = page.body.innerHTML
    } else {
      this.head = head
      this.page = null
      this.loading = new Promise((resolve) => {
        this.frame.addEventListener("load", resolve, { once: true })
        this.frame.srcdoc = `<!DOCTYPE html>${page.documentElement.outerHTML}`
      })
      await this.loading
      this.loading = null
      this.page = this.frame.contentDocument
      this.listen(this.page)
    }
    this.applyStylesheet(found.stylesheet)
  }

  // The places of the areas on pictures, which only this draft has.
  applyStylesheet(rules) {
    if (!rules) return
    const sheet = new this.frame.contentWindow.CSSStyleSheet()
    sheet.replaceSync(rules)
    this.page.adoptedStyleSheets = [sheet]
  }

  listen(page) {
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]")
      if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault() // the frame stays with the draft
      const button = event.target.closest("button[type=submit]")
      if (!button) return
      event.preventDefault()
      if (button.form && button.form.id === "man-hinh") this.takeStep(button)
    })
    page.addEventListener("submit", (event) => event.preventDefault())
  }

  takeStep(button) {
    const form = button.form
    const fields = Array.from(form.querySelectorAll("[name^=f]"))
      .filter((field) => (field.type !== "radio" && field.type !== "checkbox") || field.checked)
      .map((field) => [field.name, field.value])
    const isStill = !form.querySelector("[name=screen]") // the phone as a script draws it: nothing was filled in
    this.draw({
      ...(isStill ? {} : Object.fromEntries(fields.filter(([, value]) => value))),
      log: this.log,
      q: 1,
      screen: form.dataset.screen,
      [button.name]: button.value,
    })
  }

  // A practice: the phone as its script draws it on this screen. Elsewhere: scroll to the section.
  showPlace(id) {
    const template = id && this.page.querySelector(`template[data-template="${CSS.escape(id)}"]`)
    if (!template) {
      const section = id && this.page.getElementById(id)
      if (section) this.scrollFrameTo(section)
      return
    }
    const drawn = this.page.importNode(template.content, true)
    const phone = drawn.querySelector("#man-hinh")
    const instruction = drawn.querySelector("[data-instruction]")
    this.page.querySelector("practice-player #man-hinh").replaceWith(phone)
    this.page.querySelector("practice-player [data-instruction]").replaceWith(instruction)
    this.page.defaultView.scrollTo(0, 0)
  }

  // The frame alone: `scrollIntoView` would scroll the page around it as well, away from the text that somebody types.
  scrollFrameTo(section) {
    const { defaultView } = this.page
    defaultView.scrollTo(0, defaultView.scrollY + section.getBoundingClientRect().top)
  }
}
