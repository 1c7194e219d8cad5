// Keep the screen on. Browsers allow it on secure pages only; elsewhere the device's own setting decides.
export function keepScreenOn() {
  const { wakeLock } = navigator
  if (!wakeLock) return
  const request = () => {
    if (document.visibilityState === "visible") wakeLock.request("screen").catch(() => {}) // refused on low battery
  }
  document.addEventListener("visibilitychange", request) // the browser releases the lock when the page is hidden
  request()
}
