// Ticks of Dùng liền that wait on this phone, sent from whatever page is open when there is a network. The page of the
// tasks (elements/task-list.js) keeps them, and sends its own.
import { KeptObject, currentPerson } from "../lib/kept-ticks.js"
import { fetchWithin } from "../lib/fetch-within.js"

const KEY = /^viec-(may\d*|[0-9a-f]{12})-(\/[^/]+\/[^/]+\/dung)$/
const LIMIT = 20000 // ms

// Throws when the server was not reached. Ticks of another learner of this phone stay.
export async function sendTicks() {
  const owners = [await currentLearner(), `may${currentPerson()}`]
  for (const key of Object.keys(localStorage)) {
    const [, owner, path] = KEY.exec(key) || []
    if (path && path !== location.pathname && owners.includes(owner)) await sendTicksOf(new KeptObject(key), path)
  }
}

// Whose pages the service worker may show now.
async function currentLearner() {
  const found = await (await caches.open("state")).match("/learner")
  return found ? found.json() : null
}

async function sendTicksOf(kept, path) {
  const sent = Object.entries(kept.read())
  if (!sent.length) return
  const body = new URLSearchParams(sent.map(([task, isTicked]) => [isTicked ? "ticked" : "unticked", task]))
  const request = { method: "POST", headers: { Accept: "application/json" }, body }
  const isSaved = await fetchWithin(LIMIT, path, request, (response) => {
    if (response.status >= 500) throw response.status
    return response.ok
  })
  const left = kept.read() // a change of mind meanwhile stays
  if (isSaved) sent.forEach(([task, isTicked]) => { if (left[task] === isTicked) delete left[task] })
  kept.write(left)
}
