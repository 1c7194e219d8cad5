// Reading a page aloud with the device's own Vietnamese voice: an English one reading Vietnamese helps nobody.
const synthesis = window.speechSynthesis
const SPOKEN = "h1, h2, h3, p, li, legend, label, summary, .note__text"
const SKIPPED = ".tools, .aids, .beads, .back, template, [hidden], .unseen"

let vietnamese = null
let ended = null

// `found` hears of the voice, or null. Browsers load their voices late, some only once they were asked.
export function findVoice(found) {
  if (!synthesis) return found(null)
  const look = () => {
    vietnamese = synthesis.getVoices().find((voice) => /^vi\b/i.test(voice.lang)) || null
    if (vietnamese) found(vietnamese)
    return vietnamese
  }
  synthesis.onvoiceschanged = look
  return look() || setTimeout(() => look() || found(null), 3000)
}

export function stopReading() {
  if (!ended) return
  synthesis.cancel()
  ended()
  ended = null
}

// A sentence at a time: some engines fall silent after 15 seconds of one utterance.
export function readAloud(part, whenEnded) {
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

// A long number is read digit by digit, as it is copied.
function sentencesOf(part) {
  return Array.from(part.querySelectorAll(SPOKEN))
    .filter((element) => !element.querySelector(SPOKEN) && isSeen(element))
    .map((element) => element.textContent.replace(/\s+/g, " ").trim().replace(/\d{6,}/g, (long) => long.split("").join(" ")))
    .reduce((all, text) => all.concat(text.match(/[^.!?…]+[.!?…]*/g) || []), [])
}

// A closed fold and a message that is still to come are laid out too.
function isSeen(element) {
  const folded = element.closest("details:not([open])") && !element.closest("summary")
  const isVisible = element.offsetParent && getComputedStyle(element).visibility === "visible"
  return isVisible && !folded && !element.closest(SKIPPED)
}

addEventListener("pagehide", () => stopReading())
