// What may come next at the cursor: roles, attributes and their values, screens after an arrow, data, blocks, keys.
import { snippet } from "../../vendor/codemirror.js"

const TITLE = /^##\s+(.+?)\s*(?:\{.*)?$/
const FENCE = /^---\s*$/

const option = (label, type, apply, detail) => ({ label, type, apply: apply || label, detail })

export function lessonCompletions(language, stem) {
  const words = (list, type, after = "") => list.map((word) => option(word, type, `${word}${after}`))
  const pieces = language.pieces.filter((piece) => piece.stem === stem).map((piece) => ({
    label: piece.prefix, detail: piece.title, type: "text", apply: snippet(piece.body.replace(/\n?\$0$/, "\n")),
  }))

  // [what stands before the cursor, the options for the word at its end]
  const sources = [
    [/\{\{\s*([^{}]*)$/, (found, state) => dataNames(state, language).map((name) => option(name, "variable", `${name}}}`))],
    [/(?:=>|->|x>)\s+([^{}]*)$/, (found, state) => titles(state).map((title) => option(title, "class"))],
    [/^\s*-\s+\[([^\]]*)$/, () => words(language.roles, "keyword", "] ")],
    [/\s~([\w-]*)$/, () => words(language.rules, "function")],
    [/^##.*\{(?:.*\s)?([^\s{}="]*)$/, () => attributes((one) => one.ofScreen)],
    [/[{\s](\S+)="?([^"={}]*)$/, (found) => values(found[1])],
    [/^\s*-\s+\[([^\]]+)\].*\{(?:.*\s)?([^\s{}="]*)$/, (found) => attributes((one) => one.roles.includes(found[1].trim()))],
    [/^\s*:::\s*(\S*)$/, () => words(language.blocks, "keyword")],
    [/^>\s?([^:]*)$/, () => (stem === "lam" ? words(language.quotes, "keyword", ": ") : [])],
    [/^\s{2,}-\s+([^:]*)$/, () => (stem === "lam" ? words(language.subLines, "keyword", ": ") : [])],
  ]

  function attributes(isRight) {
    return language.attributes.filter(isRight).map((one) => option(one.word, "property", `${one.word}=`))
  }

  function values(word) {
    const found = language.attributes.find((one) => one.word === word)
    const quoted = (value) => (value.includes(" ") ? `"${value}"` : value)
    return found ? found.values.map((value) => option(value, "enum", quoted(value))) : []
  }

  return (context) => {
    if (context.view && context.view.composing) return null // an input method is at work
    const line = context.state.doc.lineAt(context.pos)
    const before = line.text.slice(0, context.pos - line.from)
    if (inFrontMatter(context.state, line.number)) {
      const found = /^([^\s:][^:]*)?$/.exec(before)
      const keys = language.keys[stem] || []
      return found && (before || context.explicit) ? answer(context, before, words(keys, "property", ": ")) : null
    }
    for (const [shape, optionsOf] of sources) {
      const found = shape.exec(before)
      const options = found ? optionsOf(found, context.state) : []
      if (options.length) {
        let typed = found[found.length - 1] || ""
        if (before.slice(0, before.length - typed.length).endsWith('="')) typed = `"${typed}`
        return answer(context, typed, options)
      }
    }
    const word = /^\w*$/.exec(before)
    return word && (before.length > 1 || context.explicit) ? answer(context, before, pieces) : null
  }
}

const answer = (context, typed, options) => ({ from: context.pos - typed.length, options, validFor: /^[^\n{}[\]=]*$/ })

function titles(state) {
  const found = []
  for (let number = 1; number <= state.doc.lines; number += 1) {
    const title = TITLE.exec(state.doc.line(number).text)
    if (title) found.push(title[1])
  }
  return found
}

export function inFrontMatter(state, number) {
  if (number === 1 || !FENCE.test(state.doc.line(1).text)) return false
  for (let at = 2; at < number; at += 1) {
    if (FENCE.test(state.doc.line(at).text)) return false
  }
  return true
}

// The names under "dữ liệu:" in the front matter.
function dataNames(state, language) {
  const names = []
  let isInside = false
  for (let number = 2; number <= state.doc.lines; number += 1) {
    const { text } = state.doc.line(number)
    if (FENCE.test(text)) break
    const entry = /^\s+([^:]+):/.exec(text)
    if (entry && isInside) names.push(entry[1].trim())
    else if (!entry) isInside = language.dataKeys.includes(text.replace(/:.*/, "").trim().toLowerCase())
  }
  return names
}
