// Ticks that survive the page: kept on this phone, for the person who uses it now; and the way back to the next task.

// Changes whenever another learner takes over the device: device-preferences.js sets it.
export function currentPerson() {
  try {
    return localStorage.getItem("person") || ""
  } catch (refused) {
    return ""
  }
}

// An object in localStorage; where that is refused or full it lasts as long as the page.
export class StoredObject {
  constructor(key) {
    this.key = key
    this.inMemory = {}
  }

  read() {
    try {
      const kept = this.isInMemory ? null : JSON.parse(localStorage.getItem(this.key))
      if (kept && typeof kept === "object") return kept
    } catch (refused) {
      // It is in memory, or somebody has changed it by hand.
    }
    return this.isInMemory ? this.inMemory : {}
  }

  // An empty object leaves nothing behind.
  write(object) {
    this.inMemory = object
    try {
      if (Object.keys(object).length) localStorage.setItem(this.key, JSON.stringify(object))
      else localStorage.removeItem(this.key)
      this.isInMemory = false
    } catch (refused) {
      this.isInMemory = true
    }
  }
}

// Show the next task now, and whenever the learner comes back from another app. `findNext` returns its element, or null
// where the page should stay as it is.
export function scrollToNextTask(findNext) {
  const show = (isFirst) => {
    const next = findNext()
    if (!next) return
    if (isFirst) history.scrollRestoration = "manual" // a reload would scroll back to where the old page was
    scrollIntoViewIfNeeded(next)
  }
  show(true)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") show(false)
  })
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) show(false)
  })
}

// Only if it is not there already: nothing moves under a finger without need.
export function scrollIntoViewIfNeeded(element) {
  const { top, bottom } = element.getBoundingClientRect()
  if (top < 0 || bottom > window.innerHeight) window.scrollBy(0, top - window.innerHeight / 5)
}
