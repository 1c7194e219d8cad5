// <share-address>: hand the address of a public page to the phone's share sheet, else copy it and say so. Where neither
// works, the address stays on the page, to be copied by hand.
import { announce } from "../lib/announce.js"

class ShareAddress extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-share]").addEventListener("click", () => this.share())
  }

  // Of a practice: at the screen that is shown now.
  get address() {
    const link = this.querySelector("[data-address]")
    const phone = document.querySelector(".phone[data-screen]")
    if (this.hasAttribute("data-follows") && phone) {
      link.hash = "man-" + phone.dataset.screen
      link.textContent = link.host + link.pathname + link.search + link.hash
    }
    return link.href
  }

  async share() {
    const url = this.address
    const { title, text } = this.dataset
    if (navigator.share) {
      try {
        await navigator.share({ title, text: text || title, url })
        return
      } catch (error) {
        if (error.name === "AbortError") return // the sheet was closed without a choice
      }
    }
    this.report(copy(url))
  }

  report(isCopied) {
    const copied = this.querySelector("[data-confirmation]")
    const byHand = this.querySelector("[data-by-hand]")
    copied.hidden = !isCopied
    byHand.classList.toggle("page-tools-share__by-hand--shown", !isCopied)
    announce((isCopied ? copied : byHand).textContent)
  }
}

// navigator.clipboard needs https, which a hall has not; a selected text can be copied everywhere.
function copy(text) {
  const field = document.createElement("textarea")
  field.className = "visually-hidden"
  field.readOnly = true
  field.value = text
  document.body.append(field)
  field.select()
  try {
    return document.execCommand("copy")
  } catch (refused) {
    return false
  } finally {
    field.remove()
  }
}

customElements.define("share-address", ShareAddress)
