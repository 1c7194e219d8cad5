// Runs before the first paint, so that nothing moves once the page is seen: the reader's own text size, and what this
// device is known to be able to do. And sees to it that "back" does not bring up the page of whoever sat here before.
(function (root) {
  const CHANGES = /^\/toi\/(may-chung|vao|quen)$/
  root.classList.add("has-script")
  try {
    if (localStorage.getItem("larger") === "1") root.classList.add("larger")
    if (localStorage.getItem("voice") === "1") root.classList.add("has-voice")
    const person = localStorage.getItem("person")
    addEventListener("submit", (event) => {
      if (CHANGES.test(event.target.getAttribute("action"))) localStorage.setItem("person", Date.now())
    })
    addEventListener("pageshow", (event) => {
      if (event.persisted && localStorage.getItem("person") !== person) location.reload()
    })
  } catch (refused) {
    // Storage can be switched off; the page is then as the server sent it.
  }
})(document.documentElement)
