// <send-ticks data-learner="…">: sends the ticks that wait on this phone since it had no network, from the pages to which
// people return. What does it is loaded only where something waits.

class SendTicks extends HTMLElement {
  async connectedCallback() {
    if (!isWaiting()) return
    const person = localStorage.getItem("person") || ""
    const { sendTicks, unsentPaths, unsentTicks } = await import("../lib/unsent-ticks.js")
    for (const owner of new Set([this.dataset.learner, ""])) {
      for (const path of unsentPaths(owner)) {
        const unsent = unsentTicks(owner, path)
        if (!Object.keys(unsent.read()).length) continue
        await sendTicks(path, unsent, person, () => {}) // quietly: the page is about something else
      }
    }
  }
}

function isWaiting() {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith("viec-"))
  } catch (refused) {
    return false
  }
}

customElements.define("send-ticks", SendTicks)
