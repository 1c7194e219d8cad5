// The checker's problems in the margin and in the list below the text. The server checks; nothing is checked twice.
import { setDiagnostics } from "../../vendor/codemirror.js"
import { counted, filled } from "./page-texts.js"

const MAX_LINES = 6
const SEVERITIES = { error: "error", warning: "warning", advice: "info" }

// The checker counts letters, a script counts UTF-16 units.
const unitsOf = (text, letters) => Array.from(text).slice(0, letters).join("").length

function placeOf(state, problem) {
  const line = state.doc.line(Math.min(problem.line, state.doc.lines))
  const from = Math.min(line.from + unitsOf(line.text, problem.column - 1), line.to)
  return { from, to: Math.max(from, line.to) }
}

export function button(words, className, press) {
  const element = document.createElement("button")
  element.type = "button"
  element.className = className
  element.textContent = words
  element.addEventListener("click", press)
  return element
}

// The checker speaks Vietnamese, also on a page in another language.
function sentence(problem) {
  const element = document.createElement("span")
  element.lang = "vi"
  element.textContent = problem.sentence
  return element
}

export function message(problem, whyText) {
  const element = document.createElement("span")
  const why = document.createElement("a")
  why.href = `/soan/quy-tac/${problem.rule}`
  why.target = "_blank"
  why.textContent = whyText
  element.append(sentence(problem), " ", why)
  return element
}

export class Problems {
  // `brief` says beside the buttons where the problems are; `texts` are those of the page; `fix(problem)` asks for the
  // safe remedy of one problem.
  constructor(section, brief, texts, fix) {
    this.brief = brief
    this.status = section.querySelector("[role=status]")
    this.list = section.querySelector("ol")
    this.texts = texts
    this.fix = fix
    this.shown = ""
    this.problems = []
  }

  // The rule of the first problem at a line; "" if it has none.
  ruleAt(line) {
    const found = this.problems.find((problem) => problem.line === line)
    return found ? found.rule : ""
  }

  show(view, { problems, elsewhere }) {
    this.problems = problems
    view.dispatch(setDiagnostics(view.state, problems.map((problem) => ({
      ...placeOf(view.state, problem),
      severity: SEVERITIES[problem.level],
      message: problem.sentence,
      renderMessage: () => message(problem, this.texts.why),
      actions: problem.fixable ? [{ name: this.texts.fix, apply: () => this.fix(problem) }] : [],
    }))))
    const now = JSON.stringify([problems, elsewhere])
    if (now === this.shown) return // a list that stays is not built anew under a finger
    this.shown = now
    this.status.textContent = this.summary(problems, elsewhere)
    this.brief.hidden = false
    this.brief.querySelector("a").textContent = this.placesOf(problems, elsewhere)
    this.list.textContent = ""
    problems.forEach((problem) => this.list.append(this.item(view, problem)))
    elsewhere.forEach((problem) => this.list.append(this.itemElsewhere(problem)))
  }

  showMessage(sentence) {
    this.status.textContent = sentence
  }

  summary(problems, elsewhere) {
    const errors = problems.filter((problem) => problem.level === "error").length
    const others = problems.length - errors
    const parts = [[this.texts.errors, errors], [this.texts.warnings, others], [this.texts.places, elsewhere.length]]
    const found = parts.filter(([, count]) => count).map(([forms, count]) => counted(forms, count))
    return found.length ? filled(this.texts.found, { what: found.join(", ") }) : this.texts.nothing
  }

  // "2 lỗi: dòng 11, 19"
  placesOf(problems, elsewhere) {
    const errors = problems.filter((problem) => problem.level === "error")
    const others = problems.filter((problem) => problem.level !== "error")
    const parts = [[this.texts.errors, errors], [this.texts.warnings, others]]
      .filter(([, found]) => found.length)
      .map(([forms, found]) => `${counted(forms, found.length)}: ${this.linesOf(found)}`)
    if (elsewhere.length) parts.push(counted(this.texts.places, elsewhere.length))
    return parts.join("; ") || this.texts.nothing
  }

  linesOf(problems) {
    const lines = Array.from(new Set(problems.map((problem) => problem.line))).sort((one, other) => one - other)
    const more = lines.length > MAX_LINES ? ", …" : ""
    return filled(this.texts.lines, { lines: lines.slice(0, MAX_LINES).join(", ") + more })
  }

  item(view, problem) {
    const item = document.createElement("li")
    item.className = "list__item editor__problem"
    const jump = button(filled(this.texts.line, { line: problem.line }), "editor__jump", () => {
      const { from } = placeOf(view.state, problem)
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true })
      view.focus()
    })
    const fix = problem.fixable ? [button(this.texts.fix, "editor__fix", () => this.fix(problem)), " "] : []
    item.append(jump, " ", ...fix, `${this.texts.levels[problem.level]}: `, message(problem, this.texts.why))
    return item
  }

  itemElsewhere(problem) {
    const item = document.createElement("li")
    item.className = "list__item editor__problem"
    const { file, line } = problem
    item.append(`${filled(this.texts.elsewhere, { file, line, level: this.texts.levels[problem.level] })} `, sentence(problem))
    return item
  }
}
