// How long the class has been going on, in the header of the desk's pages: the minutes go on without a push. The server
// wrote when the class began and what time it was; lms/web/classroom/desk/pages.py has the same words.
const TICK = 5000 // ms

function show() {
  document.querySelectorAll("[data-clock]").forEach((line) => {
    const { started, now, plan } = line.dataset
    if (!line.renderedAt) line.renderedAt = Date.now() // the server's clock is right, this one may be minutes off
    const passed = Math.max(0, Math.floor((now - started + (Date.now() - line.renderedAt) / 1000) / 60))
    const left = plan - passed
    const words = `đã ${passed} phút` + (plan ? `, ${left >= 0 ? "còn" : "quá"} ${Math.abs(left)} phút` : "")
    if (line.textContent !== words) line.textContent = words
  })
}

show()
setInterval(show, TICK)
