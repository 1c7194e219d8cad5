// The two ends of an attempt: how it begins, and what it was worth. The server says both, so no page loads this; it is
// here to be kept equal, by the same walks as engine.js, to `begin` and `report` in lms/content/practice/engine.py.
import { FIELDS } from "./engine.js"

const DO = 100

export function begin(model) {
  const screens = {}, fields = {}
  for (const id of Object.keys(model.screens)) {
    screens[id] = { wrong: 0, hints: 0, help: 0, trapped: false, visited: id === model.start }
    fields[id] = model.screens[id].widgets.map((widget) => (hasField(widget) ? widget.start || "" : null))
  }
  const ended = !!model.screens[model.start].end
  return { q: 0, t: 0, screen: model.start, ended, fatal: false, screens, fields, said: null }
}

const hasField = (widget) => Object.keys(FIELDS).includes(widget.role)

export function report(model, state, mode) {
  const screens = {}
  let total = 0
  for (const id of model.scored) {
    const { wrong, help, trapped, visited } = state.screens[id]
    const score = trapped || !visited ? 0 : Math.max(0, 100 - 25 * Math.min(3, wrong) - help)
    screens[id] = { wrong, help, trapped, score }
    total += score
  }
  const count = model.scored.length
  const atGoal = state.ended && state.screen === model.goal
  const enough = total >= model.pass * count
  const clean = !state.fatal && Object.keys(state.screens).every((id) => state.screens[id].help < DO)
  let score = count ? Math.floor((2 * total + count) / (2 * count)) : atGoal ? 100 : 0
  if (count && !enough) score = Math.min(score, Math.ceil(model.pass) - 1)
  const passed = atGoal && enough && clean && mode !== "lam-theo"
  return { screen: state.screen, ended: state.ended, passed, score, screens }
}
