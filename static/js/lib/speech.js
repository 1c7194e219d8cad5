// Read the page aloud with the device's own Vietnamese voice; an English one would be of no use.
const synthesis = window.speechSynthesis
const SPOKEN = "h1, h2, h3, p, li, legend, label, summary, .note__text"
const SKIPPED = ".tools, .aids, .stage-nav, .back-link, template, [hidden], .visually-hidden"

let vietnamese = null
let onEnd = null

// Calls `onVoice` with the voice, or null. Browsers load their voices late, some only after the first request.
export function findVoice(onVoice) {
  if (!synthesis) return onVoice(null)
  const look = () => {
    vietnamese = synthesis.getVoices().find((voice) => /^vi\b/i.test(voice.lang)) || null
    if (vietnamese) onVoice(vietnamese)
    return vietnamese
  }
  synthesis.onvoiceschanged = look
  return look() || setTimeout(() => look() || onVoice(null), 3000)
}

export function stopReading() {
  if (!onEnd) return
  synthesis.cancel()
  onEnd()
  onEnd = null
}

// Whether there is something to read. One utterance a sentence: some engines fall silent after 15 seconds of one.
export function readAloud(part, whenEnded) {
  const sentences = sentencesOf(part)
  if (!vietnamese || !sentences.length) return false
  onEnd = whenEnded
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

// A long number is read digit by digit, as it is copied.
function sentencesOf(part) {
  return Array.from(part.querySelectorAll(SPOKEN))
    .filter((element) => !element.querySelector(SPOKEN) && isVisible(element))
    .map((element) => element.textContent.replace(/\s+/g, " ").trim().replace(/\d{6,}/g, (long) => long.split("").join(" ")))
    .reduce((all, text) => all.concat(text.match(/[^.!?…]+[.!?…]*/g) || []), [])
}

// A closed <details> and a message that is still to come have a layout, too.
function isVisible(element) {
  const isFolded = element.closest("details:not([open])") && !element.closest("summary")
  const isShown = element.offsetParent && getComputedStyle(element).visibility === "visible"
  return isShown && !isFolded && !element.closest(SKIPPED)
}

addEventListener("pagehide", () => stopReading())
