// <lesson-picker>: puts the picked lesson's name on the button that opens the class.
class LessonPicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => {
      if (!target.dataset.name) return
      const button = this.querySelector("[data-open]")
      this.querySelector("[data-picked]").textContent = target.dataset.name
      button.classList.remove("desk-next--waiting")
      button.parentElement.classList.remove("desk-dock--static") // in reach, now that it leads on
    })
  }
}

customElements.define("lesson-picker", LessonPicker)
