// How long the class has been going on, in the header of the desk's pages: the minutes go on without a push. The page
// says when the class began, what time it was, and in which words.
const TICK = 5000 // ms

function show() {
  document.querySelectorAll("[data-clock]").forEach((line) => {
    const { started, now, plan, textElapsed, textLeft, textOver } = line.dataset
    if (!line.renderedAt) line.renderedAt = Date.now() // the server's clock is right, this one may be minutes off
    const passed = Math.max(0, Math.floor((now - started + (Date.now() - line.renderedAt) / 1000) / 60))
    const left = plan - passed
    const elapsed = textElapsed.replace("{}", passed)
    const words = plan ? `${elapsed}, ${(left >= 0 ? textLeft : textOver).replace("{}", Math.abs(left))}` : elapsed
    if (line.textContent !== words) line.textContent = words
  })
}

show()
setInterval(show, TICK)
