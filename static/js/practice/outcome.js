// How an attempt begins and how it is scored. The server computes both, and no page loads this file: tests compare it
// with `initial_state` and `score_report` of lms/content/practice, in the same walks as engine.js.
import { FIELD_ACTIONS } from "./engine.js"

const DO_COST = 100

export function initialState(model) {
  const screens = {}, fields = {}
  for (const id of Object.keys(model.screens)) {
    screens[id] = { wrong: 0, hints: 0, help: 0, trapped: false, visited: id === model.start }
    fields[id] = model.screens[id].widgets.map((widget) => (hasField(widget) ? widget.start || "" : null))
  }
  const ended = !!model.screens[model.start].end
  return { q: 0, t: 0, screen: model.start, ended, fatal: false, screens, fields, said: null }
}

const hasField = (widget) => Object.keys(FIELD_ACTIONS).includes(widget.role)

export function scoreReport(model, state, mode) {
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
  const clean = !state.fatal && Object.keys(state.screens).every((id) => state.screens[id].help < DO_COST)
  let score = count ? Math.floor((2 * total + count) / (2 * count)) : atGoal ? 100 : 0
  if (count && !enough) score = Math.min(score, Math.ceil(model.pass) - 1)
  const passed = atGoal && enough && clean && mode !== "lam-theo"
  return { screen: state.screen, ended: state.ended, passed, score, screens }
}
