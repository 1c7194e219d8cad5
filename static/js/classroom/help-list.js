// <help-list data-stream="…">: who needs help, live. Nothing moves under a finger: new seats are added at the end, seats
// that are fine again stay and say so. The list is sorted on request, or when it was not touched for a while.
import "./class-duration.js"
import { announce } from "../lib/announce.js"
import { ClassStream } from "../lib/class-stream.js"
import { keepScreenOn } from "../lib/wake-lock.js"
import { fetchPage, followConnection, isSameHtml, showConnection, showNumber, sinceTouched, untilNotTouched } from "./page-parts.js"

const UNTOUCHED = 30000 // ms
const THROTTLE = 1500   // ms between two requests for the list
const PARTS = ["[data-heading]", "[data-empty]", "[data-stuck]", "[data-claims]"]

class HelpList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-list]")
    this.sortButton = document.querySelector("[data-sort]")
    this.lastChange = ""
    this.timer = 0
    this.actions = 0         // done on this page: a list requested before the last one is old
    this.hasNewSeats = false // since the list was last sorted
    this.addEventListener("submit", (event) => this.onSubmit(event))
    this.sortButton.addEventListener("click", (event) => {
      event.preventDefault()
      this.sort()
    })
    this.stream = new ClassStream(this.dataset.stream, (state) => this.receive(state))
    followConnection()
    keepScreenOn()
  }

  disconnectedCallback() {
    this.stream.close()
  }

  async onSubmit(event) {
    const form = event.target.closest("[data-command]")
    if (!form) return
    event.preventDefault()
    if (form.getAttribute("aria-busy") === "true") return
    form.setAttribute("aria-busy", "true")
    this.actions += 1
    const result = await fetchPage(form.action, form).catch(() => null)
    form.removeAttribute("aria-busy")
    if (result) this.merge(result)
    else showConnection("weak")
  }

  receive(state) {
    if (state.refused || state.closed) return location.reload()
    if ("machines" in state) showNumber("machines", state.machines)
    const change = JSON.stringify([state.stuck_list, state.claims, state.stuck])
    if (change === this.lastChange || this.timer) return null
    this.timer = setTimeout(() => {
      this.timer = 0
      this.lastChange = change
      this.update()
    }, this.lastChange ? THROTTLE : 0)
    return null
  }

  async update() {
    const { actions } = this
    const result = await this.fetchList()
    if (!result || this.actions !== actions) return // an action meanwhile has brought a newer list
    if (sinceTouched() > UNTOUCHED && !this.list.contains(document.activeElement)) this.replace(result)
    else this.merge(result)
  }

  async sort() {
    const { actions } = this
    const result = await this.fetchList()
    if (!result) return
    if (this.actions === actions) this.replace(result)
    else this.sort() // this list does not know of an action meanwhile
  }

  async fetchList() {
    const result = await fetchPage(location.href).catch(() => null)
    if (result) await untilNotTouched()
    return result
  }

  // ---- drawing

  // The list in the page; without one the class was closed or this helper removed: the server says which.
  listIn({ ok, page }) {
    const fresh = page.querySelector("[data-list]")
    if (!ok || !fresh) location.reload()
    return fresh
  }

  replace(result) {
    const fresh = this.listIn(result)
    if (!fresh) return
    if (!isSameHtml(this.list.innerHTML, fresh.innerHTML)) this.list.innerHTML = fresh.innerHTML
    this.hasNewSeats = false
    this.showSorted(true)
    this.updateParts(result.page)
  }

  merge(result) {
    const fresh = this.listIn(result)
    if (!fresh) return
    const byNumber = new Map(seatsOf(fresh).map((seat) => [seat.dataset.seat, seat]))
    seatsOf(this.list).forEach((old) => {
      const seat = byNumber.get(old.dataset.seat)
      byNumber.delete(old.dataset.seat)
      if (!seat) this.markResolved(old)
      else if (!isSameHtml(old.outerHTML, seat.outerHTML)) replaceSeat(old, document.importNode(seat, true))
    })
    byNumber.forEach((seat) => this.list.append(document.importNode(seat, true)))
    this.hasNewSeats = this.hasNewSeats || byNumber.size > 0
    this.showSorted(numbersIn(this.list) === numbersIn(fresh))
    this.updateParts(result.page)
  }

  markResolved(seat) {
    if (seat.classList.contains("desk-person--gone")) return
    seat.classList.add("desk-person--gone")
    seat.querySelector(".desk-person__reason span").textContent = this.dataset.textResolved
  }

  showSorted(isSorted) {
    const label = this.sortButton.querySelector("[data-sort-label]")
    label.textContent = this.hasNewSeats && !isSorted ? label.dataset.new : label.dataset.default
  }

  updateParts(page) {
    for (const part of PARTS) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)]
      const isChanged = !isSameHtml(old.innerHTML, fresh.innerHTML)
      if (isChanged) old.innerHTML = fresh.innerHTML
      if (isChanged && part === "[data-heading]") announce(fresh.textContent)
      old.hidden = fresh.hidden
    }
    const buttons = document.querySelectorAll("[data-footer-button]") // main when the list is empty
    page.querySelectorAll("[data-footer-button]").forEach((fresh, index) => { buttons[index].className = fresh.className })
  }
}

const seatsOf = (list) => Array.from(list.querySelectorAll("[data-seat]"))
const numbersIn = (list) => seatsOf(list).map(({ dataset }) => dataset.seat).join()

// The pressed button has become another one, which gets the focus.
function replaceSeat(old, seat) {
  const hadFocus = old.contains(document.activeElement)
  old.replaceWith(seat)
  const next = hadFocus && (seat.querySelector("button") || seat.querySelector("a"))
  if (next) next.focus({ preventScroll: true })
}

customElements.define("help-list", HelpList)
