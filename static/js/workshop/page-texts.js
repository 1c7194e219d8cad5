// Sentences that the page carries for its scripts, in its language.

// The text with each {name} replaced.
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place))
}

// `forms` are [for one, for more], each with {count}.
export function counted(forms, count) {
  return filled(forms[count === 1 ? 0 : 1], { count })
}
