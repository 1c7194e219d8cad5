// Runs before the first paint, so that nothing moves once the page is seen: the reader's own text size, and what this
// device is known to be able to do.
(function (root) {
  root.classList.add("has-script")
  try {
    if (localStorage.getItem("larger") === "1") root.classList.add("larger")
    if (localStorage.getItem("voice") === "1") root.classList.add("has-voice")
  } catch (refused) {
    // Storage can be switched off; the page is then as the server sent it.
  }
})(document.documentElement)
