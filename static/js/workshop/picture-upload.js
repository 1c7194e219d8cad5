// The form "Thêm ảnh" of the editor: sends the picture, and hands over the words that show it. A picture that was pasted or
// dropped waits in the form for its description.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 60000 // ms: some megabytes over a hall's network
const MAX_BYTES = 8000000

// The files, if something pasted or dropped has a picture and no text.
export function picturesOf(data) {
  const { files } = data
  return files.length && files[0].type.startsWith("image/") && !data.getData("text/plain") ? files : null
}

export class PictureUpload {
  constructor(box, texts, insert) {
    this.box = box
    this.texts = texts
    this.form = box.querySelector("form")
    this.button = box.querySelector("[type=submit]")
    this.insert = insert
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.send()
    })
  }

  offer(files) {
    this.box.open = true
    this.form.elements.anh.files = files
    this.showMessage(this.texts.pictureHere)
    this.form.elements["mo-ta"].focus()
  }

  async send() {
    const file = this.form.elements.anh.files[0]
    if (file && file.size > MAX_BYTES) return this.showMessage(this.texts.pictureTooLarge)
    this.button.disabled = true
    this.showMessage(this.texts.pictureOnItsWay)
    const request = { method: "POST", headers: { Accept: "application/json" }, body: new FormData(this.form) }
    try {
      const found = await fetchWithTimeout(TIMEOUT, this.form.getAttribute("action"), request, (response) => this.read(response))
      this.showMessage(found.sentence || found.error)
      if (found.text) {
        this.form.elements.anh.value = ""
        this.form.elements["mo-ta"].value = ""
        this.insert(found.text)
      }
    } catch (error) {
      this.showMessage(this.texts.pictureOffline)
    }
    this.button.disabled = false
    return undefined
  }

  read(response) {
    if (response.headers.get("Content-Type").startsWith("application/json")) return response.json()
    return { sentence: this.texts.refused }
  }

  showMessage(sentence) {
    this.box.querySelector("[data-picture-said]").textContent = sentence
  }
}
