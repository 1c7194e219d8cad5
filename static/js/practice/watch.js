// Xem mẫu: the machine walks the written steps on the drawn screens, with a finger that can be seen and a sentence for
// each step, as slowly as it is read. Nothing here is kept or sent.

const WORD = 400      // ms to read one word
const SHORTEST = 1800
const LETTER = 90     // ms from one typed letter to the next
const AFTER = 600     // ms to see what a step did
const FINGER = 56     // px, its width in watch.css

const all = (root, selector) => Array.from(root.querySelectorAll(selector))
const root = document.querySelector("main")
const find = (name) => root.querySelector("[data-" + name + "]")
const steps = all(root, "[data-step]")
const templates = {}
all(root, "[data-template]").forEach((template) => { templates[template.dataset.template] = template.content })

// Whoever asked for less motion goes on by hand, and nothing glides.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches
let phone = find("phone")
let screen = ""
let now = 0
let timer = 0
let playing = !still
const finger = drawFinger()

function show(number) {
  clearTimeout(timer)
  now = number
  const step = steps[now].dataset
  const isLast = step.action === "end"
  const held = find("keys").querySelector(":focus")
  if (step.step !== screen) enter(step.step)
  fill()
  find("number").textContent = Math.min(now + 1, steps.length - 1)
  find("caption").innerHTML = steps[now].querySelector("[data-words]").innerHTML
  if (isLast) playing = false
  find("back").disabled = now === 0
  find("next").hidden = isLast
  find("pause").hidden = still && !isLast
  find("pause").textContent = isLast ? "Xem lại từ đầu" : playing ? "Dừng" : "Chạy tiếp"
  find("try").hidden = !isLast
  // A key that has gone at either end leaves the focus to another.
  if (held && (held.hidden || held.disabled)) find(isLast ? "back" : "next").focus()
  holdCoach()
  point(isLast ? null : control(step.place))
  if (playing) timer = setTimeout(perform, Math.max(SHORTEST, WORD * find("caption").textContent.split(/\s+/).length))
}

function enter(name) {
  const fresh = document.importNode(templates[name], true).querySelector(".phone")
  // It is there to be looked at: the sentences say what happens on it.
  fresh.setAttribute("aria-hidden", "true")
  all(fresh, "button, input, select, summary, a").forEach((thing) => { thing.tabIndex = -1 })
  phone.parentNode.replaceChild(fresh, phone)
  phone = fresh
  screen = name
}

const control = (place) => phone.querySelector("[data-widget='" + place + "']")

// The fields of this screen as they are before the present step.
function fill() {
  steps.forEach((step, number) => {
    if (step.dataset.step === screen && step.dataset.value) put(step.dataset, number < now ? step.dataset.value : "")
  })
}

function put({ place, action }, value) {
  const field = control(place)
  if (action === "switch") field.checked = value === "bật"
  else field.value = value
}

// Do the present step so that it is seen, then go on.
function perform() {
  const step = steps[now].dataset
  const letters = Array.from(step.value)
  finger.classList.add("watch__finger--down")
  if (!isHeld()) bringIntoSight(control(step.place))
  if (step.action === "type") typeOn(step, letters, 1)
  else {
    if (step.value) put(step, step.value)
    timer = setTimeout(onward, AFTER)
  }
}

function typeOn(step, letters, count) {
  put(step, letters.slice(0, count).join(""))
  if (count < letters.length) timer = setTimeout(() => typeOn(step, letters, count + 1), LETTER)
  else timer = setTimeout(onward, AFTER)
}

function onward() {
  if (now < steps.length - 1) show(now + 1)
}

function drawFinger() {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  made.setAttribute("class", "watch__finger watch__finger--away")
  made.setAttribute("viewBox", "0 0 24 24")
  made.setAttribute("aria-hidden", "true")
  made.innerHTML = '<use href="#hinh-tay"/>'
  root.appendChild(made)
  return made
}

// The lamp around the thing, the finger on it, and both in sight below what the coach says.
function point(target) {
  all(phone, ".pointed").forEach((other) => other.classList.remove("pointed"))
  finger.classList.remove("watch__finger--down")
  if (!target) {
    finger.classList.add("watch__finger--away")
    return scrollTo(0, 0)
  }
  const frame = target.closest(".app__hold, .wait") || target
  frame.classList.add("pointed")
  // With large text the sentence comes first, and the thing itself into sight when it is touched.
  if (isHeld()) bringIntoSight(frame)
  else if (playing) scrollTo(0, 0)
  const box = frame.getBoundingClientRect()
  const home = root.getBoundingClientRect()
  // Never over the edge, or the page would move sideways under whoever scrolls.
  const x = Math.min(box.left - home.left + Math.min(box.width * 0.7, box.width - 30), home.width - FINGER)
  const y = box.top - home.top + box.height * 0.45
  finger.style.transform = "translate(" + Math.round(x) + "px, " + Math.round(y) + "px)"
  // Only now: it comes to be seen where it belongs, and glides from there on.
  finger.classList.remove("watch__finger--away")
}

function bringIntoSight(frame) {
  const box = frame.getBoundingClientRect()
  const isOver = isHeld() && getComputedStyle(find("coach")).position === "sticky"
  const top = (isOver ? find("coach") : document.querySelector(".band")).getBoundingClientRect().bottom
  if (box.top < top || box.bottom > innerHeight - 40) scrollBy(0, box.top - top - 60)
}

// On a phone the coach's sentence stays under the band, unless large text would let it fill the screen.
const isHeld = () => find("coach").classList.contains("watch__coach--held")

function holdCoach() {
  const coach = find("coach")
  const band = document.querySelector(".band").offsetHeight
  coach.style.top = band + "px"
  coach.classList.toggle("watch__coach--held", band + coach.offsetHeight < innerHeight * 0.6)
}

// Nothing on the phone takes a finger but the thing in the ring, and that goes on; a second tap so soon was meant for
// the first.
root.addEventListener("click", (event) => {
  const ringed = phone.querySelector(".pointed")
  if (event.target !== phone || !ringed || event.detail > 1) return
  const box = ringed.getBoundingClientRect()
  const isAcross = event.clientX >= box.left && event.clientX <= box.right
  if (isAcross && event.clientY >= box.top && event.clientY <= box.bottom) onward()
})
find("back").addEventListener("click", () => show(now - 1))
find("next").addEventListener("click", onward)
find("pause").addEventListener("click", () => {
  const isOver = steps[now].dataset.action === "end"
  playing = !still && !playing
  show(isOver ? 0 : now)
})
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && playing) {
    playing = false
    show(now)
  }
})
// Another width, larger text, a picture that has come: the thing may stand elsewhere now.
function pointAgain() {
  holdCoach()
  point(steps[now].dataset.place ? control(steps[now].dataset.place) : null)
}
new ResizeObserver(pointAgain).observe(root)
root.addEventListener("load", pointAgain, true)

find("next").classList.add("button--main")
find("title").classList.add("unseen")
find("told").hidden = false
find("written").open = false
find("coach").appendChild(find("try"))
show(0)
