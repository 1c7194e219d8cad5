// Colours and folds of a lesson's text. The patterns are made from the reader's own tables.
import {
  Decoration, EditorView, RangeSetBuilder, ViewPlugin, codeFolding, foldGutter, foldService,
} from "../../vendor/codemirror.js"

const HEADING = /^#{1,6}\s/
const SCREEN = /^##\s/
const FENCE = /^---\s*$/
const STYLES = {
  "keyword.control.role": "role",
  "keyword.control.block": "block",
  "storage.modifier": "block",
  "keyword.other.quote": "quote",
  "keyword.other.sub-line": "quote",
  "entity.name.section.target": "target",
  "entity.other.attribute-name": "attribute",
  "entity.name.tag.key": "attribute",
  "variable.other.placeholder": "value",
  "support.function.rule": "value",
  "comment.line.percentage": "comment",
  "punctuation.definition.list": "sign",
  "punctuation.separator": "sign",
  "markup.inserted": "right",
  "markup.changed": "aside",
  "markup.deleted": "trap",
}
const marks = {}
const mark = (style) => (marks[style] = marks[style] || Decoration.mark({ class: `soan-${style}` }))
const headingLine = Decoration.line({ class: "soan-heading" })

// The patterns that this browser can read: an old one does not know "look behind".
function compile(patterns) {
  return patterns.map(({ name, match, captures }) => {
    try {
      return { name, captures, shape: new RegExp(match, "g") }
    } catch (error) {
      return null
    }
  }).filter(Boolean)
}

// [from, to, style] of what has a colour in a line, in order and without overlaps.
function spansOf(text, patterns) {
  const spans = []
  patterns.forEach(({ name, captures, shape }) => {
    shape.lastIndex = 0
    for (let found = shape.exec(text); found && found[0]; found = shape.exec(text)) {
      if (name) spans.push([found.index, found.index + found[0].length, STYLES[name]])
      let at = found.index
      Object.keys(captures || {}).forEach((group) => {
        const part = found[group]
        if (!part) return
        const from = text.indexOf(part, at)
        at = from + part.length
        spans.push([from, at, STYLES[captures[group].name]])
      })
    }
  })
  spans.sort((one, other) => one[0] - other[0] || other[1] - one[1])
  let end = 0
  return spans.filter(([from, to, style]) => {
    if (!style || from < end) return false
    end = to
    return true
  })
}

function decorate(view, patterns) {
  const builder = new RangeSetBuilder()
  view.visibleRanges.forEach(({ from, to }) => {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at)
      if (HEADING.test(line.text)) builder.add(line.from, line.from, headingLine)
      spansOf(line.text, patterns).forEach(([start, end, style]) => {
        builder.add(line.from + start, line.from + end, mark(style))
      })
      at = line.to + 1
    }
  })
  return builder.finish()
}

function highlighting(patterns) {
  return ViewPlugin.fromClass(class {
    constructor(view) {
      this.decorations = decorate(view, patterns)
    }

    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view, patterns)
    }
  }, { decorations: (plugin) => plugin.decorations })
}

// A screen or section folds up to the next one; the front matter by itself.
const folds = foldService.of((state, from) => {
  const first = state.doc.lineAt(from)
  const isFence = first.number === 1 && FENCE.test(first.text)
  if (!isFence && !SCREEN.test(first.text)) return null
  let last = first
  for (let number = first.number + 1; number <= state.doc.lines; number += 1) {
    const line = state.doc.line(number)
    if (!isFence && SCREEN.test(line.text)) break
    if (line.text.trim()) last = line
    if (isFence && FENCE.test(line.text)) break
  }
  return last.number > first.number ? { from: first.to, to: last.to } : null
})

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--card)" },
  "&.cm-focused": { outline: "3px solid var(--ink)", outlineOffset: "-3px" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-activeLine": { backgroundColor: "transparent", boxShadow: "inset 3px 0 0 var(--lamp)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--lamp-wash)",
  },
  // The line numbers leave large text its room.
  ".cm-gutters": {
    backgroundColor: "var(--paper)", color: "var(--ink-soft)", borderRight: "2px solid var(--line)", fontSize: "min(1em, 20px)",
  },
  // On a phone the words get the room of all gutters but the numbers; what is wrong is underlined, and listed below.
  "@media (max-width: 40em)": {
    ".cm-foldGutter, .cm-gutter-lint": { display: "none !important" }, // theirs is "flex !important"
    ".cm-scroller": { lineHeight: "1.4" },
  },
  ".cm-foldPlaceholder": { color: "var(--ink)", backgroundColor: "var(--lamp-wash)", border: "1px solid var(--edge)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--card)", border: "2px solid var(--edge)", maxWidth: "32em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "6px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--board)", color: "var(--chalk)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1" },
  ".cm-diagnostic": { fontFamily: "var(--font)", fontSize: "1.125rem", whiteSpace: "pre-wrap" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--board)", color: "var(--chalk)", padding: "8px 14px", borderRadius: "10px", fontSize: "1.125rem",
  },
  // Its own marks are "data:" pictures, which no page of this site may load.
  ".cm-lintRange": { backgroundImage: "none !important", textDecoration: "underline wavy var(--trap)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning, .cm-lintRange-info": { textDecorationColor: "var(--careful)" },
  ".cm-lint-marker": {
    content: "normal !important", width: "0.7em", height: "0.7em", margin: "0.4em 0 0 0.2em", borderRadius: "50%",
    backgroundColor: "var(--trap)",
  },
  ".cm-lint-marker-warning, .cm-lint-marker-info": { borderRadius: "0", backgroundColor: "var(--careful)", transform: "rotate(45deg)" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)" },
  ".soan-heading": { color: "var(--board)", fontWeight: "700" },
  ".soan-role": { color: "var(--hieu)", fontWeight: "700" },
  ".soan-block": { color: "var(--dung)", fontWeight: "700" },
  ".soan-quote": { color: "var(--careful)", fontWeight: "700" },
  ".soan-target": { color: "var(--board)", textDecoration: "underline" },
  ".soan-attribute": { color: "var(--dung)" },
  ".soan-value": { color: "var(--hieu)" },
  ".soan-comment, .soan-sign": { color: "var(--ink-soft)" },
  ".soan-right": { color: "var(--right)", fontWeight: "700" },
  ".soan-aside": { color: "var(--ink-soft)", fontWeight: "700" },
  ".soan-trap": { color: "var(--trap)", fontWeight: "700" },
})

export const lessonLanguage = (language) => [
  highlighting(compile(language.patterns)), folds, codeFolding(), foldGutter(), theme,
]

// The number of the cursor's line.
export const cursorLine = (state) => state.doc.lineAt(state.selection.main.head).number
