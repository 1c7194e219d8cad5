// The practice engine in the browser: the same function as lms/content/practice/engine.py, kept equal by generated
// walks (tests/content/practice). Events, states and the codes in `said` are described there and in FORMAT.md.
// A state is plain JSON. `step` gives a new one, the same one when the event is ignored, and throws
// ImpossibleEvent for what no page could have made.

export class ImpossibleEvent extends Error {}

export const FIELDS = { number: "type", text: "type", password: "type", select: "choose", switch: "switch" }
const TAPS = ["button", "icon", "link", "back", "scan", "area"]
const SWITCH = ["bật", "tắt"]
const LATEST = Number.MAX_SAFE_INTEGER
const HINT = 25, POINT = 50, DO = 100

export function step(model, data, state, event, mode) {
  if (state.ended) return state
  need(Array.isArray(event) && Number.isInteger(event[0]) && event[0] >= 1 && event[0] <= state.q + 1)
  const [q, t, screen, place, action, value] = event
  if (q <= state.q) return state
  need(typeof t === "number" && screen === state.screen && Number.isInteger(place) && typeof action === "string")
  const page = model.screens[screen]
  need(place >= -1 && place < page.widgets.length)
  const widget = page.widgets[place]
  const next = copy(state)
  next.q = q
  if (t > state.t) next.t = Math.min(t, LATEST)
  next.said = null
  if (widget && FIELDS[widget.role] === action) {
    need(event.length === 6 && typeof value === "string")
    need(action === "type" || choices(widget, data).includes(value))
    next.fields[screen][place] = value
    return next
  }
  need(event.length === 5)
  if (widget) act(model, data, next, widget, place, action, mode)
  else help(model, data, next, action, mode)
  return next
}

function act(model, data, state, widget, place, action, mode) {
  if (widget.role === "sms" && action === "read") {
    state.said = ["read", place]
    return
  }
  if (widget.role === "wait") need(action === "wait")
  else need(TAPS.includes(widget.role) && (action === "tap" || action === "hold"))
  if (!widget.arrow) state.said = ["idle", place]
  else if (widget.arrow === "=>") submit(model, data, state, widget)
  else if (mode === "lam-theo") state.said = ["stay", place]
  else {
    if (widget.arrow === "x>") {
      state.screens[state.screen].trapped = true
      if (widget.fatal) state.fatal = true
    }
    if (widget.warn && mode !== "kiem-tra") state.said = ["warn", state.screen, place]
    enter(model, state, widget.target)
  }
}

function submit(model, data, state, widget) {
  const failing = firstFailing(model, data, state)
  if (failing < 0) return enter(model, state, widget.target)
  state.screens[state.screen].wrong += 1
  state.said = ["wrong", failing]
}

function help(model, data, state, action, mode) {
  const page = model.screens[state.screen], at = state.screens[state.screen]
  if (action === "miss") {
    state.said = ["miss"]
    return
  }
  need(mode !== "kiem-tra" && (action === "hint" || (page.next >= 0 && (action === "point" || action === "do"))))
  if (action === "hint") {
    at.hints += 1
    at.help = Math.max(at.help, HINT)
    state.said = ["hint", Math.min(at.hints, page.hints || 0)]
  } else if (action === "point") {
    at.help = Math.max(at.help, POINT)
    const failing = firstFailing(model, data, state)
    state.said = ["point", failing < 0 ? page.next : failing]
  } else {
    at.help = DO
    const values = state.fields[state.screen]
    page.widgets.forEach((widget, place) => {
      if (values[place] !== null) values[place] = widget.rule ? "~ok" : fill((widget.values || [])[0] || "", data)
    })
    state.said = ["done"]
    enter(model, state, page.widgets[page.next].target)
  }
}

function copy(state) {
  const screens = {}, fields = {}
  for (const id of Object.keys(state.screens)) {
    screens[id] = Object.assign({}, state.screens[id])
    fields[id] = state.fields[id].slice()
  }
  return Object.assign({}, state, { screens, fields })
}

function enter(model, state, target) {
  state.screen = target
  state.screens[target].visited = true
  if (model.screens[target].end) state.ended = true
}

function firstFailing(model, data, state) {
  const values = state.fields[state.screen]
  return model.screens[state.screen].widgets.findIndex(
    (widget, place) => values[place] !== null && !holds(widget, data, values[place])
  )
}

// --- values: lms/content/practice/fields.py and wire.py -----------------------------------------------------------

// What leaves the phone: an own value of the practice as its author wrote it, "~ok", or "?" and the length.
export function encode(model, data, screen, place, typed) {
  const field = model.screens[screen].widgets[place]
  if (field.rule && holds(field, data, typed)) return "~ok"
  const known = (field.values || []).concat(model.data.map((name) => "{{" + name + "}}"))
  for (const id of Object.keys(model.screens)) {
    for (const widget of model.screens[id].widgets) known.push(...(widget.values || []), ...(widget.items || []))
  }
  const same = known
    .concat(SWITCH)
    .map((value) => fill(value, data))
    .find((value) => !isCode(value) && matches(field.role, value, typed))
  return same === undefined ? "?" + Array.from(typed.normalize("NFC")).length : same
}

function holds(field, data, text) {
  if (text === "~ok") return !!field.rule
  if (isCode(text)) return false
  if (field.rule) return RULES[field.rule](field.role === "number" ? digits(text) : trim(text))
  return (field.values || []).some((value) => matches(field.role, fill(value, data), text))
}

function matches(role, value, text) {
  const key = compared(role, text)
  return key === compared(role, value) && !(role === "number" && key === "")
}

function compared(role, text) {
  if (role === "number") return digits(text)
  if (role === "text") return trim(text).replace(/[ \t\u00a0]+/g, " ").toLowerCase()
  return role === "password" ? trim(text) : text
}

const digits = (text) => text.replace(/[^0-9]+/g, "")
const trim = (text) => text.normalize("NFC").replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "")
const isCode = (text) => text === "~ok" || /^\?[0-9]+$/.test(text)
const fill = (text, data) => text.replace(/\{\{([^{}\n]*)\}\}/g, (all, name) => (own(data, name) ? data[name] : all))
const choices = (field, data) =>
  field.role === "switch" ? SWITCH : (field.items || []).map((item) => fill(item, data))
const own = (object, name) => Object.prototype.hasOwnProperty.call(object, name)

function need(possible) {
  if (!possible) throw new ImpossibleEvent()
}

// Letters are those of the Basic Multilingual Plane up to Unicode 14, so that every phone and the server agree.
const NEW_LETTERS = /[\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7f1]|[\u{10000}-\u{10ffff}]/u
const SIGN = /[^\p{L}0-9 \t\u00a0]/u

const RULES = {
  "mat-khau-manh": (text) => {
    const chars = Array.from(text)
    const known = chars.filter((char) => !NEW_LETTERS.test(char)).join("")
    return chars.length >= 8 && /\p{Ll}/u.test(known.replace(/\u0295/g, "")) && /\p{Lu}/u.test(known) &&
      /[0-9]/.test(known) && chars.some((char) => SIGN.test(char) || NEW_LETTERS.test(char))
  },
  "6-so": (text) =>
    /^[0-9]{6}$/.test(text) && !/^(.)\1*$/.test(text) && !"0123456789".includes(text) && !"9876543210".includes(text),
  "co-chu": (text) => text !== "",
}
