// Raising a hand, and who is on the way: the same on the class's page and in the practice.
import { fetchWithin } from "../lib/patience.js"

const PATIENCE = 10000   // ms, then she is asked to tap again
const UP = "Bác đang giơ tay. Người giúp sẽ tới."
const WORDS = {
  long: { raise: "Giơ tay nhờ giúp", lower: "Bỏ tay xuống" },
  short: { raise: "Giơ tay", lower: "Bỏ tay" },   // beside a practice there is little room
}

export function showSeat(root, { hand, helping }, room = "long") {
  const form = root.querySelector("[data-hand]")
  if (hand === undefined || !form || form.busy) return
  const raised = root.querySelector("[data-raised]")
  raised.hidden = !hand && !helping
  root.querySelector("[data-raised-words]").textContent = helping ? helping + " đang tới chỗ bác." : UP
  form.querySelector("[name=tay]").value = hand ? "xuong" : "len"
  form.querySelector("[data-hand-words]").textContent = hand ? WORDS[room].lower : WORDS[room].raise
}

// The button's name and value are no part of a form's data by themselves.
export async function sendHand(root, form, room) {
  if (form.busy) return
  const button = form.querySelector("[name=tay]")
  const words = form.querySelector("[data-hand-words]")
  const before = words.textContent
  form.busy = true
  words.textContent = "Đang gửi"
  try {
    const body = new URLSearchParams({ tay: button.value })
    const sent = { method: "POST", headers: { Accept: "application/json" }, body }
    const seat = await fetchWithin(PATIENCE, form.action, sent, (response) => response.json())
    form.busy = false
    words.textContent = seat.error || before
    if (!seat.error) showSeat(root, seat, room)
  } catch (lost) {
    form.busy = false
    words.textContent = "Chưa gửi được, chạm lại nhé"
  }
}
