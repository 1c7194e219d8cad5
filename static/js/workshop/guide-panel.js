// The authors' guide beside the text, open at the part about the cursor's line: the rule that the line breaks, else what
// kind of line it is.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 20000 // ms
const FENCE = /^---\s*$/

export class GuidePanel {
  // `sections` are those of the page; `textOf(number)` is a line of the text, `ruleAt(number)` the rule that it breaks;
  // `offline` is what stands here if the guide cannot be loaded.
  constructor(place, sections, textOf, ruleAt, offline) {
    this.place = place
    this.sections = sections
    this.lines = sections.lines.map(([shape, id]) => [new RegExp(shape), id])
    this.textOf = textOf
    this.ruleAt = ruleAt
    this.offline = offline
  }

  async show(isShown, line) {
    this.place.hidden = !isShown
    if (!isShown) return
    if (!this.place.firstChild) await this.load()
    this.opened = ""
    this.follow(line)
  }

  async load() {
    try {
      const text = await fetchWithTimeout(TIMEOUT, this.place.dataset.guide, {}, (response) => response.text())
      const guide = new DOMParser().parseFromString(text, "text/html").querySelector("[data-guide-text]")
      guide.querySelectorAll("a[href]").forEach((link) => {
        if (!link.getAttribute("href").startsWith("#")) link.target = "_blank" // the text stays open
      })
      this.place.append(document.importNode(guide, true))
    } catch (error) {
      this.place.textContent = this.offline
    }
  }

  follow(line) {
    if (this.place.hidden) return
    const id = this.sectionOf(line)
    const section = id !== this.opened && this.place.querySelector(`[id="${CSS.escape(id)}"]`)
    if (!section) return
    this.opened = id
    this.place.querySelectorAll(".editor__guide-here").forEach((each) => each.classList.remove("editor__guide-here"))
    section.classList.add("editor__guide-here")
    const top = section.closest("tr") || section // a rule is a row of a table
    this.place.scrollTop += top.getBoundingClientRect().top - this.place.getBoundingClientRect().top - 12
  }

  sectionOf(line) {
    const rule = this.ruleAt(line)
    if (rule) return `${this.sections.rule}${rule}`
    if (this.isInFrontMatter(line)) return this.sections.front
    for (let number = line; number > 0; number -= 1) {
      const found = this.lines.find(([shape]) => shape.test(this.textOf(number)))
      if (found) return found[1]
    }
    return this.sections.first
  }

  isInFrontMatter(line) {
    for (let number = 2; number < line; number += 1) {
      if (FENCE.test(this.textOf(number))) return false
    }
    return FENCE.test(this.textOf(1))
  }
}
