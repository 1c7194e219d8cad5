// How a state looks: what is said, pointed at and offered. The sister of present.py, which draws the plain page.
import { step } from "./engine.js"

const OFFERED_AFTER = 2
const SAID_WITHOUT_PLACE = ["idle", "miss", "done"]

export function look({ model, data, mode, levels }, state) {
  const at = state.screens[state.screen]
  const page = model.screens[state.screen]
  const said = state.said || []
  const level = levels[state.screen] || 0
  const written = page.hints || 0
  // At level 1 the first hint stands there unasked: whoever asks gets the next.
  const hints = Math.min(at.hints + (level === 1), written)
  const hint = "hint " + hints
  // A tap that leads nowhere has words of its own where the author wrote some.
  const hasOwnWords = said[0] === "idle" && page.widgets[said[1]].warn
  const keys = [SAID_WITHOUT_PLACE.indexOf(said[0]) < 0 || hasOwnWords ? said.join(" ") : said[0]]
  if (said[0] === "hint") keys[0] = hint
  let pointed = said[0] === "point" ? said[1] : -1
  // A hint stays in view until something else is said.
  if (hints && (!said.length || pointed >= 0)) keys.push(hint)
  if (level && (level === 2 || !written) && page.next >= 0 && !state.ended) {
    // What a point would say now; the event itself is never kept.
    const place = step(model, data, state, [state.q + 1, state.t, state.screen, -1, "point"], mode).said[1]
    keys.push("point " + place)
    if (level === 2) pointed = place
  }
  const rung = nextRung(mode, level, at.help, written - hints, page)
  return {
    keys,
    pointed,
    wrong: said[0] === "wrong" ? said[1] : -1,
    rung,
    offered: rung !== "" && at.wrong >= OFFERED_AFTER,
  }
}

function nextRung(mode, level, used, hintsLeft, page) {
  if (mode === "kiem-tra") return ""
  if (hintsLeft) return "hint"
  // Where the way on comes by itself there is nothing to point at.
  if (page.next < 0 || page.widgets[page.next].role === "wait") return ""
  return level === 2 || used >= 50 ? "do" : "point"
}
