// Keeps a screen lit that somebody looks at without touching it. Browsers lend that to secure pages only; elsewhere,
// as in a hall without internet, the screen's own setting has to do.
export function stayAwake() {
  const { wakeLock } = navigator
  if (!wakeLock) return
  const ask = () => {
    if (document.visibilityState === "visible") wakeLock.request("screen").catch(() => {}) // an empty battery refuses
  }
  document.addEventListener("visibilitychange", ask) // the browser takes it back whenever the page is out of sight
  ask()
}
