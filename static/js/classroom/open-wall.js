// "Chiếu bằng máy này" on the desk and on its settings. The desk replaces its parts, so the document listens.
import { openWallInWindow } from "./wall-window.js"

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-opens-wall]")) openWallInWindow(event.target)
})
