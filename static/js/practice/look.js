// How a state looks: what is said, pointed at and offered. The sister of present.py, which draws the plain page.
import { step } from "./engine.js"

const OFFERED_AFTER = 2
const SAID_WITHOUT_PLACE = ["idle", "miss", "done"]

export function look({ model, data, mode }, state) {
  const at = state.screens[state.screen]
  const page = model.screens[state.screen]
  const said = state.said || []
  // A tap that leads nowhere has words of its own where the author wrote some.
  const hasOwnWords = said[0] === "idle" && page.widgets[said[1]].warn
  const keys = [SAID_WITHOUT_PLACE.indexOf(said[0]) < 0 || hasOwnWords ? said.join(" ") : said[0]]
  // A hint stays in view until something else is said.
  const hints = Math.min(at.hints, page.hints || 0)
  if (hints && (!said.length || said[0] === "point")) keys.push("hint " + hints)
  let pointed = said[0] === "point" ? said[1] : -1
  if (mode === "lam-theo" && page.next >= 0 && !state.ended) {
    // What a point would say now; the event itself is never kept.
    pointed = step(model, data, state, [state.q + 1, state.t, state.screen, -1, "point"], mode).said[1]
    keys.push("point " + pointed)
  }
  const rung = nextRung(mode, at, page)
  return {
    keys,
    pointed,
    wrong: said[0] === "wrong" ? said[1] : -1,
    rung,
    offered: rung !== "" && at.wrong >= OFFERED_AFTER,
  }
}

function nextRung(mode, at, page) {
  if (mode === "kiem-tra") return ""
  if (at.hints < (page.hints || 0)) return "hint"
  // Where the way on comes by itself there is nothing to point at.
  if (page.next < 0 || page.widgets[page.next].role === "wait") return ""
  return mode === "lam-theo" || at.help >= 50 ? "do" : "point"
}
