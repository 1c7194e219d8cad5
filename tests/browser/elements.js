// A hash for each visible element of the page: of its attributes and those of its ancestors, without texts, link targets
// and the names of ids; one of the order of the headings; and one of each style sheet. An expression, for page.evaluate.
// Left out as well is what differs only between the modes of a practice and tells axe nothing: the style of the root,
// which says where to scroll to and would make all elements look new, and the drawn hand that points at a widget.
() => {
  const textual = /^(data-.*|href|src|value|action|content|placeholder|aria-label|alt|title|id|for|form|name|style|d)$/
  const references = /^aria-(labelledby|describedby|controls|owns|details)$/
  const skipped = "template, script, option, [hidden], details:not([open]) > :not(summary), svg *, svg.pointed__hand"
  // Two 32-bit FNV-1a hashes with different offsets.
  const hash = (text) => {
    let [first, second] = [0x811c9dc5, 0x01000193]
    for (const char of text) {
      first = Math.imul(first ^ char.codePointAt(0), 0x01000193)
      second = Math.imul(second ^ char.codePointAt(0), 0x85ebca6b)
    }
    return `${first >>> 0}-${second >>> 0}`
  }
  const attribute = ({ name, value }) => `${name}=${textual.test(name) || references.test(name) ? !value : value}`
  const found = new Set(Array.from(document.querySelectorAll("link[rel=stylesheet]"), (link) => hash(link.href)))
  const headings = []
  const visit = (element, above) => {
    if (element.matches(skipped)) return
    const hasText = Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    const { localName, checked, value } = element
    const attributes = Array.from(element.attributes).filter(({ name }) => above || name !== "style")
    const own = hash([above, localName, ...attributes.map(attribute), checked, !value, hasText].join(" "))
    found.add(own)
    if (/^h[1-6]$/.test(localName)) headings.push(localName)
    Array.from(element.children).forEach((child) => visit(child, own))
  }
  visit(document.documentElement, "")
  found.add(hash(headings.join(" ")))
  return Array.from(found)
}
