// Ticks of Dùng liền that wait on this phone, sent from whatever page is open when there is a network.
import { currentPerson } from "../lib/stored-ticks.js"
import { sendWaitingTicks } from "../lib/unsent-ticks.js"

// Throws when the server was not reached. Ticks of another learner of this phone stay.
export async function sendTicks() {
  const learners = [await currentLearner() || "", ""]
  await sendWaitingTicks(learners, currentPerson(), () => { throw new Error("offline") })
}

// Whose pages the service worker may show now.
async function currentLearner() {
  const found = await (await caches.open("state")).match("/learner")
  return found ? found.json() : null
}
