// Answers on a page that came from this phone: those that are younger than it, and those that wait for a network. Later
// the service worker tells what the server said to them.
import { sendPendingLater } from "./send-pending.js"

const { serviceWorker } = navigator

const cardOf = (url) => Array.from(document.querySelectorAll("question-card")).find(({ form }) => (
  form && new URL(form.action).pathname === url
))

export function showStoredAnswers() {
  const answers = JSON.parse(document.querySelector("[data-kept-answers]").textContent)
  answers.forEach(({ url, body, result }) => {
    const card = cardOf(url)
    if (!card) return
    fill(card.form, new URLSearchParams(body).getAll("answer"))
    card.show(result || { kept: true })
  })
}

function fill(form, given) {
  form.querySelectorAll("input[type=radio][name=answer], input[type=checkbox]").forEach((input) => {
    input.checked = given.includes(input.value)
  })
  form.querySelectorAll("select, input[type=text]").forEach((field, index) => { field.value = given[index] || "" })
  const places = form.querySelector("answer-places:defined")
  if (places) places.refresh()
}

serviceWorker.addEventListener("message", ({ data }) => {
  const card = data && data.answered && cardOf(data.answered)
  if (!card) return
  card.clearFeedback()
  if (data.result) card.show(data.result)
})

sendPendingLater() // the line may come back without a word of it
