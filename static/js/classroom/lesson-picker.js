// <lesson-picker>: puts the picked lesson's name on the button that opens the class, and makes it the main one.
class LessonPicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => {
      if (!target.dataset.name) return
      const button = this.querySelector("[data-open]")
      this.querySelector("[data-picked]").textContent = target.dataset.name
      document.querySelectorAll(".button--main").forEach((other) => other.classList.remove("button--main"))
      button.classList.remove("desk-next--waiting")
      button.classList.add("button--main")
      button.parentElement.classList.remove("desk-dock--static") // in reach, now that it leads on
    })
  }
}

customElements.define("lesson-picker", LessonPicker)
