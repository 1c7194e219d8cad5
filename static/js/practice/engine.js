// The practice engine in the browser: the same pure function as lms/content/practice/engine.py, which describes events,
// states and the codes in `said`, as does docs/format.md. Generated walks (tests/content/practice) prove them equal.
// A state is plain JSON. `step` returns the next state, or the same one if the event is ignored, and throws
// ImpossibleEvent for an event that no page could have produced.

export class ImpossibleEvent extends Error {}

export const FIELD_ACTIONS = { number: "type", text: "type", password: "type", select: "choose", switch: "switch" }
const GESTURE_ACTIONS = { swipe: "swipe", press: "hold", pinch: "pinch", "double-tap": "double-tap" }
const TAP_ROLES = ["button", "icon", "link", "back", "scan", "area", "row", "tab"].concat(Object.keys(GESTURE_ACTIONS))
const SWITCH_CHOICES = ["bật", "tắt"]
const MAX_TIME = Number.MAX_SAFE_INTEGER
const HINT_COST = 25, POINT_COST = 50, DO_COST = 100

export function step(model, data, state, event, mode) {
  if (state.ended) return state
  check(Array.isArray(event) && Number.isInteger(event[0]) && event[0] >= 1 && event[0] <= state.q + 1)
  const [q, t, screenId, index, action, value] = event
  if (q <= state.q) return state
  check(typeof t === "number" && screenId === state.screen && Number.isInteger(index) && typeof action === "string")
  const screen = model.screens[screenId]
  check(index >= -1 && index < screen.widgets.length)
  const widget = screen.widgets[index]
  const next = copy(state)
  next.q = q
  if (t > state.t) next.t = Math.min(t, MAX_TIME)
  next.said = null
  if (widget && FIELD_ACTIONS[widget.role] === action) {
    check(event.length === 6 && typeof value === "string")
    check(action === "type" || choices(widget, data).includes(value))
    next.fields[screenId][index] = value
    return next
  }
  check(event.length === 5)
  if (widget) act(model, data, next, widget, index, action, mode)
  else help(model, data, next, action, mode)
  return next
}

function act(model, data, state, widget, index, action, mode) {
  if (widget.role === "sms" && action === "read") {
    state.said = ["read", index]
    return
  }
  if (widget.role === "wait") check(action === "wait")
  else check(TAP_ROLES.includes(widget.role) && [GESTURE_ACTIONS[widget.role] || "hold", "tap"].includes(action))
  if (!widget.arrow) state.said = ["idle", index]
  else if (widget.arrow === "=>") submit(model, data, state, widget)
  else if (mode === "lam-theo") state.said = ["stay", index]
  else {
    if (widget.arrow === "x>") {
      state.screens[state.screen].trapped = true
      if (widget.fatal) state.fatal = true
    }
    if (widget.warn && mode !== "kiem-tra") state.said = ["warn", state.screen, index]
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
  const screen = model.screens[state.screen], counts = state.screens[state.screen]
  if (action === "miss") {
    state.said = ["miss"]
    return
  }
  check(mode !== "kiem-tra" && (action === "hint" || (screen.next >= 0 && (action === "point" || action === "do"))))
  if (action === "hint") {
    counts.hints += 1
    counts.help = Math.max(counts.help, HINT_COST)
    state.said = ["hint", Math.min(counts.hints, screen.hints || 0)]
  } else if (action === "point") {
    counts.help = Math.max(counts.help, POINT_COST)
    const failing = firstFailing(model, data, state)
    state.said = ["point", failing < 0 ? screen.next : failing]
  } else {
    counts.help = DO_COST
    const values = state.fields[state.screen]
    screen.widgets.forEach((widget, index) => {
      if (values[index] !== null) values[index] = firstValue(widget, data)
    })
    state.said = ["done"]
    enter(model, state, screen.widgets[screen.next].target)
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
    (widget, index) => values[index] !== null && !accepts(widget, data, values[index])
  )
}

function check(isPossible) {
  if (!isPossible) throw new ImpossibleEvent()
}

// --- field values: lms/content/practice/fields.py -----------------------------------------------------------------

// The value to send for a typed text: a known value of the practice, "~ok", or "?" and its length.
export function encodeValue(model, data, screenId, index, typed) {
  const field = model.screens[screenId].widgets[index]
  if (field.rule && accepts(field, data, typed)) return "~ok"
  const values = (field.values || []).concat(knownValues(model))
  const same = values.map((value) => fill(value, data))
    .find((value) => !isCode(value) && matches(field.role, value, typed))
  return same === undefined ? "?" + Array.from(typed.normalize("NFC")).length : same
}

function knownValues(model) {
  const values = model.data.map((name) => "{{" + name + "}}")
  for (const id of Object.keys(model.screens)) {
    for (const widget of model.screens[id].widgets) values.push(...(widget.values || []), ...(widget.items || []))
  }
  return values.concat(SWITCH_CHOICES)
}

function accepts(field, data, text) {
  if (text === "~ok") return !!field.rule
  if (isCode(text)) return false
  if (field.rule) return RULES[field.rule](field.role === "number" ? digitsOnly(text) : trimmed(text))
  return (field.values || []).some((value) => matches(field.role, fill(value, data), text))
}

function matches(role, value, text) {
  const key = comparisonKey(role, text)
  return key === comparisonKey(role, value) && !(role === "number" && key === "")
}

function comparisonKey(role, text) {
  if (role === "number") return digitsOnly(text)
  if (role === "text") return trimmed(text).replace(/[ \t\u00a0]+/g, " ").toLowerCase()
  return role === "password" ? trimmed(text) : text
}

export const digitsOnly = (text) => text.replace(/[^0-9]+/g, "")
const trimmed = (text) => text.normalize("NFC").replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "")
export const isCode = (text) => text === "~ok" || /^\?[0-9]+$/.test(text)
export const firstValue = (field, data) => (field.rule ? "~ok" : fill((field.values || [])[0] || "", data))
const choices = (field, data) =>
  field.role === "switch" ? SWITCH_CHOICES : (field.items || []).map((item) => fill(item, data))
const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name)
const fill = (text, data) => text.replace(/\{\{([^{}\n]*)\}\}/g, (all, name) => (has(data, name) ? data[name] : all))

// Letters are those of the Basic Multilingual Plane up to Unicode 14, so that every phone and the server agree.
const LETTERS_AFTER_UNICODE_14 = /[\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7f1]|[\u{10000}-\u{10ffff}]/u
const SIGN = /[^\p{L}0-9 \t\u00a0]/u

const RULES = {
  "mat-khau-manh": (text) => {
    const chars = Array.from(text)
    const known = chars.filter((char) => !LETTERS_AFTER_UNICODE_14.test(char)).join("")
    return chars.length >= 8 && /\p{Ll}/u.test(known.replace(/\u0295/g, "")) && /\p{Lu}/u.test(known) &&
      /[0-9]/.test(known) && chars.some((char) => SIGN.test(char) || LETTERS_AFTER_UNICODE_14.test(char))
  },
  "6-so": (text) =>
    /^[0-9]{6}$/.test(text) && !/^(.)\1*$/.test(text) && !"0123456789".includes(text) && !"9876543210".includes(text),
  "co-chu": (text) => text !== "",
}
