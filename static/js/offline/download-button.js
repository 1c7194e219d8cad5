// <course-download data-course="…">: keeps a whole course on the phone, and removes it again. The service worker does
// the work; this shows its size, its progress and its end.
const { serviceWorker } = navigator
const MEGABYTE = 1000000

const inMegabytes = (bytes) => Math.max(0.1, bytes / MEGABYTE).toFixed(1).replace(".", ",")

class CourseDownload extends HTMLElement {
  async connectedCallback() {
    if (!serviceWorker) return
    this.course = this.dataset.course
    this.language = document.documentElement.lang
    this.worker = (await serviceWorker.ready).active
    this.hidden = false
    this.querySelector("details").addEventListener("toggle", () => this.showSize())
    this.querySelector("[data-download]").addEventListener("click", () => this.download())
    this.querySelector("[data-remove]").addEventListener("click", () => this.ask({ remove: this.course }))
    this.ask({ find: this.course })
  }

  // Send a message to the worker, and show each answer.
  ask(message) {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => this.onAnswer(data)
    this.worker.postMessage(message, [port2])
  }

  onAnswer({ isStored, language, error, bytes, total }) {
    if (total) this.showProgress(bytes, total)
    else this.showMoment(error || (!isStored ? "ask" : language === this.language ? "stored" : "other"))
  }

  showMoment(moment) {
    const isNew = this.moment && this.moment !== moment
    this.moment = moment
    this.querySelectorAll("[data-moment]").forEach((part) => { part.hidden = !part.dataset.moment.split(" ").includes(moment) })
    this.showSize()
    const text = this.querySelector(`p[data-moment="${moment}"], [data-moment="${moment}"] p`)
    if (isNew) this.querySelector("[data-live]").textContent = text.textContent
  }

  // Once, and only for those who look: the server makes every page of the course to know it.
  async showSize() {
    const size = this.querySelector("[data-size]")
    if (size.hidden || size.textContent || !this.querySelector("details").open) return
    try {
      const list = await (await fetch(`/${this.course}/tai-ve.json?tieng=${this.language}`)).json()
      size.textContent = size.dataset.size.replace("{}", inMegabytes(list.bytes))
    } catch (offline) {
      this.showMoment("offline")
    }
  }

  download() {
    this.showMoment("loading")
    const { storage } = navigator
    if (storage && storage.persist) storage.persist() // so that the browser does not delete it to make room
    this.ask({ download: this.course, language: this.language })
  }

  showProgress(bytes, total) {
    const text = this.querySelector("[data-progress]")
    text.textContent = text.dataset.progress.replace("{}", inMegabytes(bytes)).replace("{}", inMegabytes(total))
    this.querySelector("[data-bar]").setAttribute("width", String(Math.round((100 * bytes) / total)))
  }
}

customElements.define("course-download", CourseDownload)
