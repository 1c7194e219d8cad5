// Runs before the page: `heard` is what somebody hears who does not see it, in order: the words of a quiet line that
// was there before they came, and whatever takes the focus. A line that comes together with its words is not heard.
(() => {
  const QUIET = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]"
  const known = new WeakSet()
  const last = new WeakMap()
  window.spoken = []
  const words = (element) => element.textContent.trim().replace(/\s+/g, " ")
  const isShown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible"
  const listen = () => document.querySelectorAll(QUIET).forEach((line) => {
    const now = isShown(line) ? Array.from(line.childNodes).filter((node) => node.nodeType === 3 || isShown(node)).map(words).join(" ").trim() : ""
    if (known.has(line) && now && now !== last.get(line)) window.spoken.push(now)
    known.add(line)
    last.set(line, now)
  })
  document.addEventListener("DOMContentLoaded", () => {
    listen()
    new MutationObserver(listen).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  })
  const name = (element) => element.getAttribute("aria-label") || (element.labels && element.labels.length ? words(element.labels[0]) : words(element))
  document.addEventListener("focusin", ({ target }) => window.spoken.push(`focus: ${name(target)}`))
})()
