// <demo-walk>: the steps of a practice, performed on the drawn screens: a visible finger and a sentence for each step, with
// the reason where a trap stands beside it, as slowly as it is read, or as long as the device's voice needs. Nothing here
// is recorded or sent.
import { speakText, stopSpeaking } from "../lib/speech.js"

const READ_WORD = 400   // ms
const MIN_PAUSE = 1800  // ms
const TYPE_LETTER = 90  // ms
const AFTER_STEP = 600  // ms to see what a step did
const AFTER_GESTURE = 1100 // ms; the finger glides
const SLIDE_DISTANCE = 80        // px of a swipe
const LIFT = 220        // ms between the parts of a double tap
const PINCH = { out: [8, 44], in: [44, 8] } // px of each finger aside and down from the middle, before and after
const MOST_PAUSES = 4   // times the reading, if a voice never reports its end
const FINGER_WIDTH = 56 // px, as in demo-walk.css
const AXES = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }

const all = (root, selector) => Array.from(root.querySelectorAll(selector))

class DemoWalk extends HTMLElement {
  connectedCallback() {
    this.main = this.closest("main")
    this.steps = all(this, "[data-step]")
    this.templates = {}
    all(this, "[data-template]").forEach((template) => { this.templates[template.dataset.template] = template.content })
    this.isStill = matchMedia("(prefers-reduced-motion: reduce)").matches // then steps go on by hand, and nothing glides
    this.isPlaying = !this.isStill
    this.isSpoken = false // browsers let a page speak only after a tap
    this.phone = this.find("phone")
    this.screen = ""
    this.index = 0
    this.timer = 0
    this.finger = drawFinger(this)
    this.secondFinger = null // of a pinch
    this.listen()
    this.find("next").classList.add("button--main")
    this.find("title").classList.add("visually-hidden")
    this.find("narration").hidden = false
    this.find("written").open = false
    this.find("coach").appendChild(this.find("try"))
    this.showShared()
    addEventListener("hashchange", () => this.showShared())
  }

  // Start at the screen that the address ends with, as somebody who asks for help shared it, and stay there; with an
  // unknown one, at the beginning.
  showShared() {
    const shared = location.hash.startsWith("#man-") && document.getElementById(location.hash.slice(1))
    if (shared) this.isPlaying = false
    this.show(shared ? this.steps.indexOf(shared.closest("[data-step]")) : 0)
  }

  // "Máy tôi khác" names the screen that is shown.
  linkReport(screen) {
    const link = this.main.parentNode.querySelector("[data-report]")
    if (link) link.search = `?man=${screen}`
  }

  find(name) {
    return this.querySelector(`[data-${name}]`)
  }

  control(place) {
    return this.phone.querySelector(`[data-widget='${place}']`)
  }

  listen() {
    this.addEventListener("click", (event) => this.onClick(event))
    this.find("back").addEventListener("click", () => this.show(this.index - 1))
    this.find("next").addEventListener("click", () => this.showNextStep())
    this.find("pause").addEventListener("click", () => {
      const isOver = this.steps[this.index].dataset.action === "end"
      this.isPlaying = !this.isStill && !this.isPlaying
      this.show(isOver ? 0 : this.index)
    })
    this.find("sound").addEventListener("click", () => {
      this.isSpoken = !this.isSpoken
      this.find("sound").setAttribute("aria-pressed", String(this.isSpoken))
      this.show(this.index)
    })
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "hidden" || !this.isPlaying) return
      this.isPlaying = false
      this.show(this.index)
    })
    // Another width, larger text or a loaded picture moves the control.
    new ResizeObserver(() => this.pointAgain()).observe(this.main)
    this.addEventListener("load", () => this.pointAgain(), true)
  }

  // Only the pointed control can be tapped, which goes on. A second tap so soon was meant for the first step.
  onClick(event) {
    const pointed = this.phone.querySelector(".pointed")
    if (event.target !== this.phone || !pointed || event.detail > 1) return
    const { left, right, top, bottom } = pointed.getBoundingClientRect()
    const isInside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom
    if (isInside) this.showNextStep()
  }

  // ---- steps

  show(index) {
    clearTimeout(this.timer)
    this.index = index
    const { step: screen, screenNumber, action, place } = this.steps[index].dataset
    const isLast = action === "end"
    const focused = this.find("buttons").querySelector(":focus")
    if (screen !== this.screen) this.showScreen(screen)
    this.linkReport(screen)
    this.fillFields()
    this.find("number").textContent = screenNumber
    this.find("caption").innerHTML = this.steps[index].querySelector("[data-sentence]").innerHTML
    if (isLast) this.isPlaying = false
    this.showButtons(isLast)
    // A button that has gone at either end leaves the focus to another.
    if (focused && (focused.hidden || focused.disabled)) this.find(isLast ? "back" : "next").focus()
    this.placeCoach()
    this.point(isLast ? null : this.control(place))
    this.sayCaption()
  }

  // The step is performed when its sentence was spoken; without a voice, when it was read.
  sayCaption() {
    stopSpeaking()
    const words = this.find("caption").textContent
    const reading = Math.max(MIN_PAUSE, READ_WORD * words.split(/\s+/).length)
    const performIn = (pause) => {
      clearTimeout(this.timer)
      if (this.isPlaying) this.timer = setTimeout(() => this.perform(), pause)
    }
    const isSpeaking = this.isSpoken && document.visibilityState !== "hidden" && speakText(words, () => performIn(AFTER_STEP))
    performIn(isSpeaking ? MOST_PAUSES * reading : reading)
  }

  showButtons(isLast) {
    const pause = this.find("pause")
    const { textAgain, textPause, textPlay } = pause.dataset
    this.find("back").disabled = this.index === 0
    this.find("next").hidden = isLast
    pause.hidden = this.isStill && !isLast
    pause.textContent = isLast ? textAgain : this.isPlaying ? textPause : textPlay
    this.find("try").hidden = !isLast
  }

  showScreen(screen) {
    const fresh = document.importNode(this.templates[screen], true).querySelector(".phone")
    // It is there to be looked at: the sentences say what happens on it.
    fresh.setAttribute("aria-hidden", "true")
    all(fresh, "button, input, select, summary, a").forEach((control) => { control.tabIndex = -1 })
    this.phone.replaceWith(fresh)
    this.phone = fresh
    this.screen = screen
  }

  // As the fields of this screen are before the present step.
  fillFields() {
    this.steps.forEach(({ dataset }, index) => {
      if (dataset.step === this.screen && dataset.value) this.fill(dataset, index < this.index ? dataset.value : "")
    })
  }

  fill({ place, action }, value) {
    const field = this.control(place)
    if (action === "switch") field.checked = value === "bật"
    else field.value = value
  }

  perform() {
    const step = this.steps[this.index].dataset
    const { gesture } = this.control(step.place).dataset
    this.finger.classList.add("demo-walk__finger--down")
    if (!this.isCoachSticky) this.scrollToControl(this.control(step.place))
    if (step.action === "type") this.typeNextLetter(step, Array.from(step.value), 1)
    else {
      if (step.value) this.fill(step, step.value)
      if (step.direction) this.slideFinger(AXES[step.direction])
      if (gesture === "pinch") this.pinch(this.control(step.place), 1)
      if (gesture === "double-tap") this.tapAgain()
      else this.timer = setTimeout(() => this.showNextStep(), step.direction || gesture === "pinch" ? AFTER_GESTURE : AFTER_STEP)
    }
  }

  slideFinger([x, y]) {
    this.finger.style.transform += ` translate(${x * SLIDE_DISTANCE}px, ${y * SLIDE_DISTANCE}px)`
  }

  // Both fingers, on a line across the middle; `moment` is 0 before and 1 after.
  pinch(target, moment) {
    const { left, top, width, height } = target.getBoundingClientRect()
    const home = this.main.getBoundingClientRect()
    const apart = PINCH[target.dataset.direction][moment]
    const [x, y] = [left + width / 2 - home.left - FINGER_WIDTH / 3, top + height / 2 - home.top - FINGER_WIDTH / 3]
    this.finger.style.transform = translation(x + apart, y + apart)
    this.secondFinger.style.transform = translation(x - apart, y - apart)
  }

  tapAgain() {
    const { style, classList } = this.finger
    const onTarget = style.transform
    classList.add("demo-walk__finger--quick")
    this.timer = setTimeout(() => {
      classList.remove("demo-walk__finger--down")
      style.transform += " translate(0, -16px)"
      this.timer = setTimeout(() => {
        classList.add("demo-walk__finger--down")
        style.transform = onTarget
        this.timer = setTimeout(() => this.showNextStep(), AFTER_STEP)
      }, LIFT)
    }, LIFT)
  }

  typeNextLetter(step, letters, count) {
    this.fill(step, letters.slice(0, count).join(""))
    if (count < letters.length) this.timer = setTimeout(() => this.typeNextLetter(step, letters, count + 1), TYPE_LETTER)
    else this.timer = setTimeout(() => this.showNextStep(), AFTER_STEP)
  }

  showNextStep() {
    if (this.index < this.steps.length - 1) this.show(this.index + 1)
  }

  // ---- pointing

  // Mark the control, put the finger on it, and bring both into sight below the coach.
  point(target) {
    all(this.phone, ".pointed").forEach((other) => other.classList.remove("pointed"))
    this.finger.classList.remove("demo-walk__finger--down", "demo-walk__finger--quick")
    const isPinch = target && target.dataset.gesture === "pinch"
    if (isPinch && !this.secondFinger) this.secondFinger = drawFinger(this)
    if (this.secondFinger) this.secondFinger.classList.toggle("demo-walk__finger--away", !isPinch)
    if (!target) {
      this.finger.classList.add("demo-walk__finger--away")
      window.scrollTo(0, 0)
      return
    }
    const frame = target.closest(".app__control, .app-wait") || target
    frame.classList.add("pointed")
    const list = frame.closest(".scroll")
    if (list) list.scrollTop = frame.offsetTop - list.clientHeight / 2
    // With large text the sentence comes first, and the control when it is touched.
    if (this.isCoachSticky) this.scrollToControl(frame)
    else if (this.isPlaying) window.scrollTo(0, 0)
    const box = frame.getBoundingClientRect()
    const home = this.main.getBoundingClientRect()
    // Never over the edge, or the page would scroll sideways.
    const x = Math.min(box.left - home.left + Math.min(box.width * 0.7, box.width - 30), home.width - FINGER_WIDTH)
    const y = box.top - home.top + box.height * 0.45
    if (isPinch) this.pinch(target, 0)
    else this.finger.style.transform = translation(x, y)
    // Only now: it appears where it belongs, and glides from there on.
    this.finger.classList.remove("demo-walk__finger--away")
  }

  pointAgain() {
    const { place } = this.steps[this.index].dataset
    this.placeCoach()
    if (this.finger.classList.contains("demo-walk__finger--down")) return // it would break the gesture off
    this.point(place ? this.control(place) : null)
  }

  scrollToControl(frame) {
    const box = frame.getBoundingClientRect()
    const coach = this.find("coach")
    const isOver = this.isCoachSticky && getComputedStyle(coach).position === "sticky"
    const top = (isOver ? coach : document.querySelector(".simulation-banner")).getBoundingClientRect().bottom
    if (box.top < top || box.bottom > innerHeight - 40) scrollBy(0, box.top - top - 60)
  }

  // On a phone the coach's sentence stays under the banner, unless large text would let it fill the screen.
  get isCoachSticky() {
    return this.find("coach").classList.contains("demo-walk__coach--sticky")
  }

  placeCoach() {
    const coach = this.find("coach")
    const banner = document.querySelector(".simulation-banner").offsetHeight
    coach.style.top = banner + "px"
    coach.classList.toggle("demo-walk__coach--sticky", banner + coach.offsetHeight < innerHeight * 0.6)
  }
}

const translation = (x, y) => `translate(${Math.round(x)}px, ${Math.round(y)}px)`

function drawFinger(parent) {
  const finger = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  finger.setAttribute("class", "demo-walk__finger demo-walk__finger--away")
  finger.setAttribute("viewBox", "0 0 24 24")
  finger.setAttribute("aria-hidden", "true")
  finger.innerHTML = '<use href="#hinh-tay"/>'
  parent.appendChild(finger)
  return finger
}

customElements.define("demo-walk", DemoWalk)
