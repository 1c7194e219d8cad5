// Ticks of tasks that the server does not have yet: kept on this phone for their learner, sent from any page that loads this.
// Those that it has stay until a page shows them.
import { StoredObject, currentPerson } from "./stored-ticks.js"
import { postFields } from "./network.js"

const PREFIX = "viec-"
const ASKED_AT = Date.now() - performance.now() // when the browser asked for this page, ms

// What the server acknowledged, and when: {person, paths: {path: {learner, savedAt, ticks: {task: true or false}}}}. Of the
// person who uses the phone now; the next one's take its place.
const savedTicks = new StoredObject("da-ghi")

// The ticks of one lesson by task, true or false. `path` is that of its page of Dùng liền. Before anything is saved a
// page knows no learner ("" for `learner`): then they are those of the person who uses the phone.
export const unsentTicks = (learner, path) => new StoredObject(`${PREFIX}${learner || `may${currentPerson()}`}-${path}`)

// The paths for which something waits.
function unsentPaths(learner) {
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
  if (currentPerson() === person) keepSaved(new URL(path, location).pathname, sent, receipt.learner)
  const left = unsent.read()
  sent.forEach(([task, isTicked]) => {
    if (left[task] === isTicked) delete left[task]
  })
  unsent.write(left)
  return receipt
}

function keepSaved(path, ticks, learner) {
  const paths = savedPaths()
  const before = paths[path] || {}
  const kept = before.learner === learner ? before.ticks : {}
  paths[path] = { learner, savedAt: Date.now(), ticks: Object.assign({}, kept, Object.fromEntries(ticks)) }
  savedTicks.write({ person: currentPerson(), paths })
}

function savedPaths() {
  const { person, paths } = savedTicks.read()
  return person === currentPerson() && paths ? paths : {}
}

// The acknowledged ticks that this page of tasks may lack, by task. It was made before they were saved if it is this
// phone's copy, or perhaps if they were acknowledged to the page before it after it was asked for. `pageLearner` "": the page
// knows no learner.
export function takeSavedTicks(isCopy, pageLearner) {
  const paths = savedPaths()
  const { learner, savedAt, ticks } = paths[location.pathname] || {}
  if (pageLearner && learner !== pageLearner) return {}
  if (isCopy) return ticks || {}
  delete paths[location.pathname]
  savedTicks.write(Object.keys(paths).length ? { person: currentPerson(), paths } : {})
  return savedAt > ASKED_AT ? ticks || {} : {}
}

let running = null

// Send all that waits for these learners ("" as above), but not that of the open page, which sends its own. Two callers share
// one run: two first posts of a phone would make two learners.
export function sendWaitingTicks(learners, person, onFailure) {
  if (!running) running = sendEach(new Set(learners), person, onFailure).finally(() => { running = null })
  return running
}

async function sendEach(learners, person, onFailure) {
  for (const learner of learners) {
    for (const path of unsentPaths(learner)) {
      const unsent = unsentTicks(learner, path)
      const isWaiting = path !== location.pathname && Object.keys(unsent.read()).length > 0
      if (isWaiting) await sendTicks(path, unsent, person, onFailure)
    }
  }
}

// Another learner has taken over the device in another tab: the ticks are those of the one before.
function refuseOther(person) {
  if (currentPerson() === person) return
  location.reload()
  throw new Error("another learner")
}
