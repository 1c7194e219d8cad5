// Whom the facilitator saw do it: the form goes by itself, and only the tapped seat is drawn anew. Where that fails the
// browser sends the form as it would have done.
const form = document.querySelector("[data-witness]")
const PARTS = ["said", "count", "adds"]

form.addEventListener("submit", (event) => {
  const button = event.submitter || document.activeElement
  if (!button || !button.name || button.form !== form) return
  event.preventDefault()
  keep(button)
})

async function keep(button) {
  const body = new URLSearchParams(new FormData(form))
  body.append(button.name, button.value)
  button.disabled = true
  try {
    const response = await fetch(form.action, { method: "POST", body })
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    if (!page.querySelector("[data-witness]")) return location.reload()   // closed meanwhile, or signed out
    PARTS.forEach((name) => replace(document, page, `[data-part=${name}]`))
    replace(document, page, `#cho-${button.value}`)
    const again = document.querySelector(`#cho-${button.value} button`)
    return again && again.focus()
  } catch (lost) {
    button.disabled = false
    const said = document.querySelector("[data-part=said]")
    said.textContent = "Mạng yếu, chưa ghi được. Chạm lại lần nữa."
    return null
  }
}

function replace(here, page, which) {
  const before = here.querySelector(which)
  const fresh = page.querySelector(which)
  if (before && fresh) before.parentNode.replaceChild(document.importNode(fresh, true), before)
  else if (before) location.reload()
}
