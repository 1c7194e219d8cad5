// At the door of a class: whoever waits before a shut one is told when it opens, and who has tapped "Vào lớp" already
// goes in then. A phone whose seat was cleared away as an empty one takes it again.
const ASK = 5000
const door = document.querySelector("[data-door]")
const wayIn = document.querySelector("[data-way-in]")
const wayBack = document.querySelector("[data-come-back]")

async function ask() {
  try {
    const response = await fetch(door.dataset.door, { headers: { Accept: "application/json" } })
    if (response.status === 410) return location.reload() // the class is over, and the page says so
    const { shut } = await response.json()
    if (response.ok && !shut) return open()
  } catch (lost) {
    // The next question may get through.
  }
  return setTimeout(ask, ASK * (0.8 + 0.4 * Math.random()))
}

// A name that is being typed is not sent half.
function open() {
  const typing = wayIn.contains(document.activeElement) && document.activeElement.type === "text"
  if (door.hasAttribute("data-knocked") && !typing) return wayIn.submit()
  door.querySelector("[data-door-words]").textContent = "Cửa mở rồi."
  door.querySelector("[data-door-more]").textContent = "Bác chạm “Vào lớp”."
  return null
}

if (door) setTimeout(ask, ASK * Math.random())
// Half a hall may do so at once.
if (wayBack) setTimeout(() => wayBack.submit(), 2000 * Math.random())
