// The form "Thêm ảnh" of the editor: sends the picture, and hands over the words that show it. A picture that was pasted or
// dropped waits in the form for its description.
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"

const TIMEOUT = 60000 // ms: some megabytes over a hall's network
const MAX_BYTES = 8000000
const MAX_SIDE = 1600 // px; the server keeps less

// A phone's photograph may be heavier than what the server takes, and few know how to make it smaller. Throws what is no
// picture, or where the browser cannot paint it (Safari before 15).
async function shrink(file) {
  if (window.createImageBitmap) return paintSmaller(await createImageBitmap(file), file.name)
  throw new Error("cannot paint")
}

async function paintSmaller(picture, name) {
  const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height)
  const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9))
  return new File([smaller], name, { type: "image/jpeg" })
}

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
    this.tellChoice()
    this.showMessage(this.texts.pictureHere)
    this.form.elements["mo-ta"].focus()
  }

  async send() {
    const file = this.form.elements.anh.files[0]
    const body = new FormData(this.form)
    this.button.disabled = true
    this.showMessage(this.texts.pictureOnItsWay)
    try {
      if (file && file.size > MAX_BYTES) body.set("anh", await shrink(file))
    } catch (unreadable) {
      return this.endWith(this.texts.pictureTooLarge)
    }
    const request = { method: "POST", headers: { Accept: "application/json" }, body }
    try {
      const found = await fetchWithTimeout(TIMEOUT, this.form.getAttribute("action"), request, (response) => this.read(response))
      this.endWith(found.sentence || found.error, !found.text)
      if (found.text) {
        this.form.elements.anh.value = ""
        this.tellChoice()
        this.form.elements["mo-ta"].value = ""
        this.insert(found.text)
      }
    } catch (error) {
      this.endWith(this.texts.pictureOffline)
    }
    return undefined
  }

  // The focus was on the button, or stays where somebody went on: to what is missing, else to another choice of a file.
  endWith(sentence, isRefused = true) {
    this.button.disabled = false
    this.showMessage(sentence)
    if (!isRefused || document.activeElement !== document.body) return
    const { anh: picture, "mo-ta": description } = this.form.elements
    const isUndescribed = picture.files.length && !description.value.trim()
    if (isUndescribed) description.focus()
    else picture.focus()
  }

  read(response) {
    if (response.headers.get("Content-Type").startsWith("application/json")) return response.json()
    return { sentence: this.texts.refused }
  }

  // <file-field> names what is chosen.
  tellChoice() {
    this.form.elements.anh.dispatchEvent(new Event("change"))
  }

  showMessage(sentence) {
    this.box.querySelector("[data-picture-said]").textContent = sentence
  }
}
