// What makes a correct lesson a weak one, told only when somebody opens it. `ask()` asks the server for it,
// `texts` are those of the page.
import { filled } from "./page-texts.js"
import { button, message } from "./problems.js"

export class AuthoringAdvice {
  constructor(section, ask, goToLine, texts) {
    this.texts = texts
    this.section = section
    this.ask = ask
    this.goToLine = goToLine
    this.said = section.querySelector("[role=status]")
    this.list = section.querySelector("ol")
    this.text = null // that the shown advice is about
    section.addEventListener("toggle", () => section.open && this.text === null && this.show())
  }

  async show() {
    const found = await this.ask()
    if (!found) return
    this.text = found.text
    this.said.textContent = found.sentence
    this.list.textContent = ""
    found.advice.forEach((problem) => this.list.append(this.item(problem)))
  }

  // The advice stays to be read while the text is mended, and says that it is of before.
  follow(text) {
    if (this.text !== null && text !== this.text) this.said.textContent = this.section.dataset.advice
  }

  item(problem) {
    const item = document.createElement("li")
    item.className = "list__item editor__advice"
    item.append(button(filled(this.texts.line, { line: problem.line }), "editor__jump", () => this.goToLine(problem.line)))
    item.append(" ", message(problem, this.texts.why))
    return item
  }
}
