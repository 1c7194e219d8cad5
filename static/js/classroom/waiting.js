// "Tôi đã vào lớp rồi": asks now and then whether the facilitator has agreed, and then opens the class.
const ASK = 3000
const { waiting } = document.querySelector("[data-waiting]").dataset

async function ask() {
  try {
    const response = await fetch(waiting + "/toi-da-vao", { headers: { Accept: "application/json" } })
    const now = await response.json()
    // Agreed or refused: either way there is another page to see.
    if (response.ok && !now.waiting) return location.assign(now.seat ? waiting : waiting + "/toi-da-vao")
    if (response.status === 410) return location.assign(waiting)
  } catch (lost) {
    // The next question may get through.
  }
  return setTimeout(ask, ASK * (0.8 + 0.4 * Math.random()))
}

setTimeout(ask, ASK)
