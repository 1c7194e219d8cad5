// The picked lesson's name, on the button that opens the class with it.
const names = document.querySelector("[data-picked]")

document.addEventListener("change", ({ target }) => {
  if (names && target.dataset.name) names.textContent = target.dataset.name
})
