// <clear-learner-storage data-learner="…" data-attempts="…">: after "Quên tôi", remove what this browser holds of the
// learner: logs of practices and ticks. Without attributes nobody else uses the browser, and all of it goes.
const LOG = "luot-"
const TICKS = "viec-"
// Of the person who uses the device now, whoever that is: nobody finds these again after somebody else took it over.
const OF_PRESENT_PERSON = ["viec-may", "da-ghi", "lam-that-"]

class ClearLearnerStorage extends HTMLElement {
  connectedCallback() {
    try {
      Object.keys(localStorage).filter((key) => this.isOfLearner(key)).forEach((key) => localStorage.removeItem(key))
    } catch (refused) {
      // Where storage is refused there is nothing to remove.
    }
  }

  isOfLearner(key) {
    if (OF_PRESENT_PERSON.some((prefix) => key.startsWith(prefix))) return true
    const { learner, attempts } = this.dataset
    if (learner === undefined) return key.startsWith(LOG) || key.startsWith(TICKS)
    return key.startsWith(`${TICKS}${learner}-`) || attempts.split(" ").some((attempt) => key === LOG + attempt)
  }
}

customElements.define("clear-learner-storage", ClearLearnerStorage)
