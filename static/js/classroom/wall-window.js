// The wall's window. The desk opens it as one of its own, which can be dragged to the projector; without a script, or
// where a browser blocks the window, the form opens a tab.
const NAME = "man-chieu"
const FEATURES = "popup,width=960,height=540"
const REST = 3000 // ms until the pointer and the buttons go

export function openWallInWindow(form) {
  const opened = window.open("", NAME, FEATURES)
  form.target = opened ? NAME : "_blank"
  if (opened) opened.focus()
}

export const isWallWindow = () => window.name === NAME

export const isFullScreen = () => window.matchMedia("(display-mode: fullscreen)").matches // by F11 or by a script

// A button that kept the focus would take the clicker's keys.
export function addFullScreenButton() {
  const button = document.querySelector("[data-full-screen]")
  if (!document.documentElement.requestFullscreen) return
  button.hidden = false
  button.addEventListener("click", () => {
    button.blur()
    if (document.fullscreenElement) document.exitFullscreen()
    else document.documentElement.requestFullscreen()
  })
}

export function hideRestingPointer() {
  const { classList } = document.documentElement
  let timer = 0
  const show = () => {
    clearTimeout(timer)
    classList.remove("wall--resting")
    timer = setTimeout(() => classList.add("wall--resting"), REST)
  }
  document.addEventListener("mousemove", show)
  show()
}
