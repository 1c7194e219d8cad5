// <send-ticks data-learner="…">: sends the ticks that wait on this phone since it had no network, from the pages to which
// people return. What does it is loaded only where something waits.

class SendTicks extends HTMLElement {
  async connectedCallback() {
    if (!isWaiting()) return
    const person = localStorage.getItem("person") || ""
    const { sendWaitingTicks } = await import("../lib/unsent-ticks.js")
    const ignore = () => {} // the page is about something else, and offline/start.js tries again
    sendWaitingTicks([this.dataset.learner, ""], person, ignore).catch(ignore)
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
