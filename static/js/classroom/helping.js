// The list of who needs help, live. Nothing moves under a finger: who is new comes last, who is well again stays in her
// place and says so; the list is put in order when somebody asks for it, or has let it lie for a while.
import { sayAloud } from "../lib/aloud.js"
import { stayAwake } from "../lib/awake.js"
import { openStream } from "../lib/stream.js"
import { fetchPage, fingersOff, followLine, sameWords, sayLine, setNumber, sinceTouched } from "./parts.js"

const LEFT_ALONE = 30000
const PAUSE = 1500 // the list is asked for no oftener

const board = document.querySelector("[data-helping]")
const list = board.querySelector("[data-list]")
const sort = document.querySelector("[data-sort]")
let last = ""
let waiting = 0
let acts = 0
let isSomebodyNew = false // since the list was last put in order

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-act]")
  if (!form) return
  event.preventDefault()
  if (form.getAttribute("aria-busy") === "true") return
  form.setAttribute("aria-busy", "true")
  acts += 1
  const found = await fetchPage(form.action, form)
  form.removeAttribute("aria-busy")
  if (found) merge(found)
  else sayLine("weak")
})

sort.addEventListener("click", (event) => {
  event.preventDefault()
  sortAnew()
})

async function sortAnew() {
  const since = acts
  const found = await fetchPage(location.href)
  if (!found) return
  await fingersOff()
  if (acts === since) putInOrder(found)
  else sortAnew() // this list does not know yet what she did meanwhile
}

async function refresh() {
  const since = acts
  const found = await fetchPage(location.href)
  if (!found) return
  await fingersOff()
  if (acts !== since) return // what she did meanwhile has brought a newer list
  if (sinceTouched() > LEFT_ALONE && !list.contains(document.activeElement)) putInOrder(found)
  else merge(found)
}

const seats = (root) => Array.from(root.querySelectorAll("[data-seat]"))

function fits({ ok, page }) {
  const fresh = page.querySelector("[data-list]")
  if (!ok || !fresh) location.reload() // closed, or put out: the server says which
  return fresh
}

function putInOrder(found) {
  const fresh = fits(found)
  if (!fresh) return
  if (!sameWords(list.innerHTML, fresh.innerHTML)) list.innerHTML = fresh.innerHTML
  isSomebodyNew = false
  sayOrder(true)
  tell(found.page)
}

function merge(found) {
  const fresh = fits(found)
  if (!fresh) return
  const byNumber = new Map(seats(fresh).map((one) => [one.dataset.seat, one]))
  seats(list).forEach((old) => {
    const one = byNumber.get(old.dataset.seat)
    byNumber.delete(old.dataset.seat)
    if (!one) leave(old)
    else if (!sameWords(old.outerHTML, one.outerHTML)) replace(old, document.importNode(one, true))
  })
  byNumber.forEach((one) => list.append(document.importNode(one, true)))
  isSomebodyNew = isSomebodyNew || byNumber.size > 0
  const wanted = seats(fresh).map((one) => one.dataset.seat).join()
  sayOrder(seats(list).map((one) => one.dataset.seat).join() === wanted)
  tell(found.page)
}

// What was pressed has become another button: that has the focus now.
function replace(old, one) {
  const had = old.contains(document.activeElement)
  old.replaceWith(one)
  const next = had && (one.querySelector("button") || one.querySelector("a"))
  if (next) next.focus({ preventScroll: true })
}

function sayOrder(isInOrder) {
  const words = sort.querySelector("[data-sort-words]")
  words.textContent = isSomebodyNew && !isInOrder ? words.dataset.new : words.dataset.calm
}

function leave(old) {
  if (old.classList.contains("person--gone")) return
  old.classList.add("person--gone")
  old.querySelector(".person__why span").textContent = "Đã ổn"
}

function tell(page) {
  for (const part of ["[data-count]", "[data-nobody]", "[data-stuck]", "[data-claims]"]) {
    const [old, fresh] = [document.querySelector(part), page.querySelector(part)]
    const isNews = !sameWords(old.innerHTML, fresh.innerHTML)
    if (isNews) old.innerHTML = fresh.innerHTML
    if (isNews && part === "[data-count]") sayAloud(fresh.textContent)
    old.hidden = fresh.hidden
  }
  page.querySelectorAll("[data-quiet]").forEach((fresh, place) => {
    document.querySelectorAll("[data-quiet]")[place].className = fresh.className
  })
}

function hear(state) {
  if (state.refused || state.closed) return location.reload()
  if ("machines" in state) setNumber("machines", state.machines)
  const now = JSON.stringify([state.stuck_list, state.claims, state.stuck])
  if (now === last || waiting) return
  waiting = setTimeout(() => {
    waiting = 0
    last = now
    refresh()
  }, last ? PAUSE : 0)
}

openStream(board.dataset.stream, hear)

followLine()
stayAwake()
