// Read aloud with the device's own voice for the page's language: a part of the page, or one text.
const synthesis = window.speechSynthesis
const SPOKEN = "h1, h2, h3, p, li, legend, label, summary, .note__text"
const SKIPPED = ".page-tools, .practice-help, .stage-nav, .back-link, template, [hidden], .visually-hidden"
const COUNTS = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
const SHORTENED = /(^|\s)(TP|Tp|P|Q|TX|ThS|TS|BS|PGS|GS|ĐT|Đ\/c|STT|vd|VD)\.$/

let voice = null
let onEnd = null
let turn = 0 // some engines report the end of what was cancelled, late
let highlighted = null

export function useVoice(found) {
  voice = found
}

export function stopReading() {
  if (!onEnd) return
  stopSpeaking()
  onEnd()
  onEnd = null
}

// Read the part of the page that the button names. It stays pressed meanwhile, and the place that is being read is highlighted.
export function readPart(button) {
  stopReading()
  const pieces = piecesOf(document.getElementById(button.dataset.readAloud) || document.querySelector("main"))
  if (!voice || !pieces.length) return
  stopSpeaking()
  button.setAttribute("aria-pressed", "true")
  onEnd = () => button.setAttribute("aria-pressed", "false")
  speak(pieces, stopReading)
}

// Whether the text is spoken. `whenEnded` is not called if something else was spoken meanwhile.
export function speakText(text, whenEnded) {
  if (!voice) return false
  stopSpeaking()
  speak(sentencesOf(text).map((sentence) => ({ sentence })), whenEnded)
  return true
}

export function stopSpeaking() {
  turn += 1
  highlight(null)
  if (voice) synthesis.cancel()
}

// One utterance a sentence: some engines fall silent after 15 seconds of one.
function speak(pieces, whenEnded) {
  const mine = turn
  const isMine = () => mine === turn
  const end = () => { if (isMine()) whenEnded() }
  pieces.forEach(({ element, sentence }, index) => {
    const utterance = new SpeechSynthesisUtterance(sentence)
    utterance.voice = voice
    utterance.lang = voice.lang
    utterance.rate = 0.9
    utterance.onstart = () => { if (isMine()) highlight(element || null) }
    if (index === pieces.length - 1) utterance.onend = utterance.onerror = end
    synthesis.speak(utterance)
  })
}

function highlight(element) {
  if (highlighted) highlighted.classList.remove("being-read")
  highlighted = element
  if (!highlighted) return
  highlighted.classList.add("being-read")
  const { top, bottom } = highlighted.getBoundingClientRect()
  // On a practice the sentence and the phone keep their places.
  if ((bottom < 0 || top > innerHeight) && !document.querySelector("main.practice")) highlighted.scrollIntoView({ block: "center" })
}

// ---- what is read

function piecesOf(part) {
  const elements = visible(part, SPOKEN).filter((element) => !element.querySelector(SPOKEN))
  const pieces = elements.map((element) => sentencesOf(element.textContent).map((sentence) => ({ element, sentence })))
  // The choices of each drawn phone come after what stands on it. From the last phone on, so that places stay right.
  visible(part, ".phone").reverse().forEach((phone) => {
    const isAfter = (element) => phone.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING
    const place = elements.findIndex(isAfter)
    pieces.splice(place < 0 ? pieces.length : place, 0, choicesOf(phone))
  })
  return pieces.reduce((all, some) => all.concat(some), [])
}

// "Có hai nút: Cúp máy; Nói chuyện.", a piece for each button.
function choicesOf(phone) {
  const buttons = visible(phone, "button[data-widget]")
  return buttons.map((element, index) => {
    const count = index ? "" : countOf(buttons.length)
    const name = element.getAttribute("aria-label") || (element.querySelector(".app-face__word, .scan__word") || element).textContent
    const end = index < buttons.length - 1 ? ";" : "."
    return { element, sentence: count + speakable(name.replace(/\s+/g, " ").trim().replace(/[.;:,]$/, "")) + end }
  })
}

const countOf = (number) => (
  document.documentElement.lang === "vi" ? `Có ${COUNTS[number - 1] || number} nút: ` : `${number} buttons: `
)

function visible(part, selector) {
  return Array.from(part.querySelectorAll(selector)).filter(isVisible)
}

// A closed <details> and a message that is still to come have a layout, too.
function isVisible(element) {
  const isFolded = element.closest("details:not([open])") && !element.closest("summary")
  const isShown = element.offsetParent && getComputedStyle(element).visibility === "visible"
  return isShown && !isFolded && !element.closest(SKIPPED)
}

// Cut only where a sentence ends: not in "400.000", "vneid.gov.vn" or "TP. HCM".
function sentencesOf(text) {
  const pieces = text.replace(/\s+/g, " ").trim().match(/\S.*?[.!?…]+["”’)]*(?=\s|$)|\S.*$/g) || []
  return pieces
    .reduce((all, piece) => {
      const isOpen = all.length && SHORTENED.test(all[all.length - 1])
      return isOpen ? all.slice(0, -1).concat(`${all[all.length - 1]} ${piece}`) : all.concat(piece)
    }, [])
    .map(speakable)
}

// An amount is handed over without its dots, which some voices read as full stops. A long number, or one in groups that
// begins with 0, is read digit by digit, as it is copied.
function speakable(text) {
  return text.replace(/\d[\d.]*\d/g, (number) => {
    const isAmount = /^[1-9]\d{0,2}(\.\d{3})+$/.test(number)
    const isLong = /^\d{6,}$/.test(number) || /^0\d*(\.\d{3,4})+$/.test(number)
    if (isAmount) return number.replace(/\./g, "")
    return isLong ? number.replace(/\./g, "").split("").join(" ") : number
  })
}

addEventListener("pagehide", () => {
  stopReading()
  stopSpeaking()
})
