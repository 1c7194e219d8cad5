// A hash for each visible element of the page: of its attributes and those of its ancestors, without texts, link targets
// and the names of ids; one of the order of the headings; and one of each style sheet. An expression, for page.evaluate.
// Left out as well is what differs only between the modes of a practice and tells axe nothing: the style of the root,
// which says where to scroll to and would make all elements look new, and the drawn hand that points at a widget.
// Hundreds of elements are hashed on thousands of pages: no selectors and no lists for each of them.
() => {
  const textual = /^(data-.*|href|src|value|action|content|placeholder|aria-label|alt|title|id|for|form|name|style|d)$/
  const references = /^aria-(labelledby|describedby|controls|owns|details)$/
  const known = new Map() // whether an attribute counts by its name only
  const isTextual = (name) => {
    if (!known.has(name)) known.set(name, textual.test(name) || references.test(name))
    return known.get(name)
  }
  // Two 32-bit FNV-1a hashes with different offsets, from those of the parent on.
  let first, second
  const hash = (text, from) => {
    [first, second] = from
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      first = Math.imul(first ^ code, 0x01000193)
      second = Math.imul(second ^ code, 0x85ebca6b)
    }
    found.add(`${first >>> 0}-${second >>> 0}`)
    return [first, second]
  }
  const isSkipped = (element, name) =>
    name === "template" || name === "script" || name === "option" || element.hasAttribute("hidden") ||
    (name === "svg" && element.classList.contains("pointed__hand"))
  const hasText = (element) => {
    for (let node = element.firstChild; node; node = node.nextSibling) {
      if (node.nodeType === Node.TEXT_NODE && /\S/.test(node.data)) return true
    }
    return false
  }
  const found = new Set()
  const START = [0x811c9dc5, 0x01000193]
  let headings = ""
  const visit = (element, above) => {
    const { localName, checked, value } = element
    if (isSkipped(element, localName)) return
    let own = `<${localName} ${checked} ${!value} ${hasText(element)}`
    for (const { name, value } of element.attributes) {
      if (name !== "style" || above !== START) own += ` ${name}=${isTextual(name) ? !value : value}`
    }
    const hashed = hash(own, above)
    if (localName.length === 2 && /^h[1-6]$/.test(localName)) headings += localName
    if (localName === "svg") return
    const isFolded = localName === "details" && !element.open
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) {
      if (!isFolded || child.localName === "summary") visit(child, hashed)
    }
  }
  for (const { href } of document.querySelectorAll("link[rel=stylesheet]")) hash(href, START)
  visit(document.documentElement, START)
  hash(headings, START)
  return Array.from(found)
}
