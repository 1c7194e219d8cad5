// Text size, theme and voice of this device, applied before the first paint so that nothing moves afterwards. Also reloads a
// page of the back/forward cache when another learner uses the device now, and starts what works without a network.
(function (root) {
  const CHANGES_LEARNER = /^\/toi\/(may-chung|vao|quen)$/
  root.classList.add("has-script")
  // Browsers have it over https and on localhost only. After the page, so that it does not wait; the next page tries again.
  if ("serviceWorker" in navigator) addEventListener("load", () => import("../offline/start.js").catch(() => {}))
  try {
    if (localStorage.getItem("larger") === "1") root.classList.add("larger")
    const theme = localStorage.getItem("theme")
    if (theme) root.classList.add(theme)
    if (localStorage.getItem("voice") === "1") root.classList.add("has-voice")
    const person = localStorage.getItem("person")
    addEventListener("submit", (event) => {
      if (CHANGES_LEARNER.test(event.target.getAttribute("action"))) localStorage.setItem("person", Date.now())
    })
    addEventListener("pageshow", (event) => {
      if (event.persisted && localStorage.getItem("person") !== person) location.reload()
    })
  } catch (refused) {
    // Storage is switched off: the page stays as the server sent it.
  }
})(document.documentElement)
