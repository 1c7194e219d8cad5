// What a state shows: feedback, the pointed control, the next help. lms/web/practice/attempt_view.py does the same for
// pages without a script; a test compares the two.
import { step } from "./engine.js"

const OFFER_AFTER_MISTAKES = 2
const WITHOUT_PLACE = ["idle", "miss", "done"]

export function viewOf({ model, data, mode, levels }, state) {
  const counts = state.screens[state.screen]
  const screen = model.screens[state.screen]
  const feedback = state.said || []
  const level = levels[state.screen] || 0
  const written = screen.hints || 0
  // At level 1 the first hint is shown from the start: the first request gets the next.
  const hints = Math.min(counts.hints + (level === 1), written)
  const hint = "hint " + hints
  // After a tap on a button without an arrow: the author's own feedback for that button, else the general one.
  const hasOwnFeedback = feedback[0] === "idle" && screen.widgets[feedback[1]].warn
  const keys = [WITHOUT_PLACE.indexOf(feedback[0]) < 0 || hasOwnFeedback ? feedback.join(" ") : feedback[0]]
  if (feedback[0] === "hint") keys[0] = hint
  let pointed = feedback[0] === "point" ? feedback[1] : -1
  // A hint stays until there is other feedback.
  if (hints && (!feedback.length || pointed >= 0)) keys.push(hint)
  if (level && (level === 2 || !written) && screen.next >= 0 && !state.ended) {
    // What "point" would answer now; the event itself is not recorded.
    const place = step(model, data, state, [state.q + 1, state.t, state.screen, -1, "point"], mode).said[1]
    keys.push("point " + place)
    if (level === 2) pointed = place
  }
  const help = nextHelp(mode, level, counts.help, written - hints, screen)
  return {
    keys,
    pointed,
    wrong: feedback[0] === "wrong" ? feedback[1] : -1,
    help,
    isOffered: help !== "" && counts.wrong >= OFFER_AFTER_MISTAKES,
  }
}

function nextHelp(mode, level, used, hintsLeft, screen) {
  if (mode === "kiem-tra") return ""
  if (hintsLeft) return "hint"
  // Where the screen changes by itself there is nothing to point at.
  if (screen.next < 0 || screen.widgets[screen.next].role === "wait") return ""
  return level === 2 || used >= 50 ? "do" : "point"
}
