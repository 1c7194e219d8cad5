// [data-print]: opens the print dialog. CSS shows the button only where scripts run.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.addEventListener("click", () => window.print())
})
