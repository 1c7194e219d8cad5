// The picked lesson's name, on the button that opens the class with it: until one is picked the button does not invite.
const names = document.querySelector("[data-picked]")
const button = document.querySelector("[data-open]")

document.addEventListener("change", ({ target }) => {
  if (!names || !target.dataset.name) return
  names.textContent = target.dataset.name
  button.classList.remove("go--waiting")
  button.parentElement.classList.remove("dock--below") // in reach, now that it leads on
})
