// Ticks of tasks that the server does not have yet: kept on this phone for their learner, sent from any page that loads this.
import { KeptObject, currentPerson } from "./kept-ticks.js"
import { postFields } from "./network.js"

const PREFIX = "viec-"

// The ticks of one lesson by task, true or false. `path` is that of its page of Dùng liền. Before anything is saved a
// page knows no learner ("" for `learner`): then they are those of the person who uses the phone.
export const unsentTicks = (learner, path) => new KeptObject(`${PREFIX}${learner || `may${currentPerson()}`}-${path}`)

// The paths for which something waits.
export function unsentPaths(learner) {
  const { key } = unsentTicks(learner, "")
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(key)).map((name) => name.slice(key.length))
  } catch (refused) {
    return []
  }
}

// Send all that `unsent` has when a try begins, for `person`, who used the device when the page was loaded. What the
// server acknowledges waits no longer; a change of mind while the request was on its way is not acknowledged by it.
// Returns the response, see postFields.
export async function sendTicks(path, unsent, person, onFailure) {
  let sent = []
  const receipt = await postFields(path, () => {
    refuseOther(person)
    sent = Object.entries(unsent.read())
    return sent.map(([task, isTicked]) => [isTicked ? "ticked" : "unticked", task])
  }, onFailure)
  if (!receipt || receipt.error) return receipt
  const left = unsent.read()
  sent.forEach(([task, isTicked]) => {
    if (left[task] === isTicked) delete left[task]
  })
  unsent.write(left)
  return receipt
}

// Another learner has taken over the device in another tab: the ticks are those of the one before.
function refuseOther(person) {
  if (currentPerson() === person) return
  location.reload()
  throw new Error("another learner")
}
