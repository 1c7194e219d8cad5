// Reading a page aloud with the device's own Vietnamese voice. Where there is none, nothing is offered: an English
// voice reading Vietnamese helps nobody.
const synthesis = window.speechSynthesis
const SPOKEN = "h1, h2, h3, p, li, legend, label, summary, .note__text"
const SKIPPED = ".tools, .beads, .back, template, [hidden], .unseen"

let vietnamese = null
let ended = null

// Browsers load their voices late, some only after the first question for them.
export function findVoice(found) {
  if (!synthesis || !window.SpeechSynthesisUtterance) return found(null)
  const look = () => {
    vietnamese = synthesis.getVoices().find((voice) => /^vi\b/i.test(voice.lang)) || null
    if (vietnamese) found(vietnamese)
    return vietnamese
  }
  if (look()) return undefined
  if (synthesis.addEventListener) synthesis.addEventListener("voiceschanged", look)
  else synthesis.onvoiceschanged = look
  return setTimeout(() => look() || found(null), 3000)
}

export function stopReading() {
  synthesis.cancel()
  if (ended) ended()
  ended = null
}

// A sentence at a time: some engines fall silent after 15 seconds of one utterance.
export function readAloud(part, whenEnded) {
  stopReading()
  const sentences = sentencesOf(part)
  if (!vietnamese || !sentences.length) return false
  ended = whenEnded
  sentences.forEach((sentence, index) => {
    const utterance = new SpeechSynthesisUtterance(sentence)
    utterance.voice = vietnamese
    utterance.lang = vietnamese.lang
    utterance.rate = 0.9
    if (index === sentences.length - 1) utterance.onend = stopReading
    synthesis.speak(utterance)
  })
  return true
}

function sentencesOf(part) {
  return Array.from(part.querySelectorAll(SPOKEN))
    .filter((element) => !element.querySelector(SPOKEN) && isSeen(element))
    .map((element) => element.textContent.replace(/\s+/g, " ").trim())
    .filter(Boolean)
    .reduce((all, text) => all.concat(text.match(/[^.!?…]+[.!?…]*/g) || []), [])
}

// New browsers lay out what a closed fold hides, so its being there says nothing.
function isSeen(element) {
  const folded = element.closest("details:not([open])") && !element.closest("summary")
  return element.offsetParent && !folded && !element.closest(SKIPPED)
}

window.addEventListener("pagehide", () => synthesis && synthesis.cancel())
