// <rejoin-seat>: a phone whose seat was removed as idle takes it again by itself; half a hall may do so at once.
const SPREAD = 2000 // ms

class RejoinSeat extends HTMLElement {
  connectedCallback() {
    setTimeout(() => this.querySelector("form").submit(), SPREAD * Math.random())
  }
}

customElements.define("rejoin-seat", RejoinSeat)
