// What a person of 70 would stumble over on the page as it is now: lists of sentences, empty when all is well.
// An expression, for page.evaluate; `tap` and `text` are the smallest sizes in px, `width` the screen's.
({ tap, text, width }) => {
  // The size first: what is not displayed has none, and its style need not be computed.
  const shown = (element) => {
    const box = element.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === "visible"
  }
  const name = (element) => {
    const words = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim()
    return `<${element.localName} class="${element.getAttribute("class") || ""}"> ${words.replace(/\s+/g, " ").slice(0, 50)}`
  }

  // A link in the middle of a sentence is read, not aimed at.
  const inSentence = (element) =>
    element.localName === "a" &&
    getComputedStyle(element).display === "inline" &&
    [...element.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())

  // A box or circle is hit by its words too.
  const hit = (element) => {
    const label = element.closest("label") || (element.id && document.querySelector(`label[for="${element.id}"]`))
    return /^(radio|checkbox)$/.test(element.type || "") && label ? label : element
  }

  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  const smallTargets = controls
    .map(hit)
    .filter((element) => shown(element) && !inSentence(element) && !element.matches(".skip-link:not(:focus), [aria-hidden=true]"))
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width < tap - 0.5 || box.height < tap - 0.5)
    .map(({ element, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${name(element)}`)

  const smallText = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const checked = new Set()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement
    if (checked.has(parent) || !node.data.trim()) continue
    checked.add(parent)
    if (/^(script|style|option|noscript)$/.test(parent.localName) || !shown(parent)) continue
    const size = parseFloat(getComputedStyle(parent).fontSize)
    if (size < text - 0.05) smallText.push(`${size} px ${name(parent)}`)
  }

  // A phone's browser widens its window to what does not fit, so the screen's own width counts.
  const wide = document.scrollingElement.scrollWidth > width
  const sideways = wide
    ? [...document.body.querySelectorAll("*")]
        .filter((element) => shown(element) && element.getBoundingClientRect().right > width + 1)
        .map((element) => `${Math.round(element.getBoundingClientRect().right)} of ${width} ${name(element)}`)
        .slice(-4)
    : []
  // Widths first: styles, which take most of the time, are then needed of a few elements only.
  const cutOff = [...document.body.querySelectorAll("*")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && !element.matches("svg, svg *, .visually-hidden, input, textarea, select"))
    .filter((element) => shown(element) && /hidden|clip/.test(getComputedStyle(element).overflowX))
    .map((element) => `cut off ${name(element)}`)

  return {
    smallTargets,
    smallText,
    sideways: [...sideways, ...(wide && !sideways.length ? ["the page is wider than the screen"] : []), ...cutOff],
    mainButtons: [...document.querySelectorAll(".button--main")].filter(shown).map(name),
  }
}
