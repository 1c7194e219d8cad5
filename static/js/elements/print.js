// "In ra giấy": the browser's own menu prints the same page, so the button is there only when a script can do it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.addEventListener("click", () => window.print())
})
