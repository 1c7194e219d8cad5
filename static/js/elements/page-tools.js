// "Chữ to hơn" and "Nền tối" at the end of a page, and reading aloud where the device has a voice for the page's language.
const root = document.documentElement
const synthesis = window.speechSynthesis
let speech = null // a promise of the module, which only devices with such a voice load

function remember(name, isOn, value = "1") {
  try {
    if (isOn) localStorage.setItem(name, value)
    else localStorage.removeItem(name)
  } catch (refused) {
    // Without storage the choice lasts as long as the page.
  }
}

// All buttons of a tool: the first page has two for larger text.
function press(tool, isOn) {
  document.querySelectorAll(`[data-${tool}]`).forEach((button) => button.setAttribute("aria-pressed", isOn))
}
press("larger", root.classList.contains("larger"))

const prefersDark = () => matchMedia("(prefers-color-scheme: dark)").matches
const isDark = () => root.classList.contains("dark") || (prefersDark() && !root.classList.contains("light"))
const showTheme = () => press("theme-switch", isDark())

// A choice that is what the system says anyway follows the system again.
function switchTheme() {
  const dark = !isDark()
  const isOwn = dark !== prefersDark()
  root.classList.toggle("dark", isOwn && dark)
  root.classList.toggle("light", isOwn && !dark)
  remember("theme", isOwn, dark ? "dark" : "light")
  showTheme()
}
showTheme()

// Browsers load their voices late, some only after the first request. A voice of another language would be of no use.
function lookForVoice() {
  const voice = synthesis.getVoices().find(({ lang }) => isOfPage(lang))
  if (voice) useVoice(voice)
  return voice
}

const isOfPage = (lang) => lang.toLowerCase().split(/[-_]/)[0] === root.lang

function useVoice(voice) {
  speech = speech || import("../lib/speech.js")
  speech.then((module) => {
    module.useVoice(voice)
    remember("voice", true)
    showVoice(true)
  }, () => { speech = null }) // the network is gone; the next page asks again
}

function showVoice(isThere) {
  root.classList.toggle("has-voice", isThere)
  root.classList.toggle("no-voice", !isThere)
}

if (synthesis) {
  synthesis.onvoiceschanged = lookForVoice
  if (!lookForVoice()) {
    setTimeout(() => {
      if (lookForVoice()) return
      remember("voice", false)
      showVoice(false)
    }, 3000)
  }
}

// Few ask for help, so the script that shares the page's address comes when it is opened.
document.querySelectorAll("[data-ask-helper]").forEach((help) => {
  help.addEventListener("toggle", () => import("./share-address.js"), { once: true })
})

document.addEventListener("click", ({ target }) => {
  const larger = target.closest("[data-larger]")
  if (larger) {
    const isOn = root.classList.toggle("larger")
    remember("larger", isOn)
    press("larger", isOn)
  }
  if (target.closest("[data-theme-switch]")) switchTheme()
  // Any tap stops the reading: its text, and its button, may be gone afterwards.
  const reader = target.closest("[data-read-aloud]:not([aria-pressed=true])")
  if (speech) speech.then(({ stopReading, readPart }) => (reader ? readPart(reader) : stopReading()))
})
