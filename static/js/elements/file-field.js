// <file-field>: names the file that was chosen, which its input, out of sight, cannot.
class FileField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input")
    this.name = this.querySelector("[data-empty-text]")
    this.input.addEventListener("change", () => this.show())
    this.show()
  }

  // Also what a page back in sight has kept, and what a script has put in or taken out.
  show() {
    const names = Array.from(this.input.files, (file) => file.name)
    this.name.textContent = names.join(", ") || this.name.dataset.emptyText
  }
}

customElements.define("file-field", FileField)
