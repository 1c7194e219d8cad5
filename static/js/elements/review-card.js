// <review-card>: a question of a review. Once it is answered: the way on, and after a wrong answer where to read again.
class ReviewCard extends HTMLElement {
  connectedCallback() {
    this.addEventListener("answered", ({ detail }) => {
      this.querySelector("[data-next-links]").hidden = false
      // The first answer counts, so the link stays when a later one is right.
      if (!detail.right) this.querySelector("[data-explanation]").hidden = false
    })
  }
}

customElements.define("review-card", ReviewCard)
