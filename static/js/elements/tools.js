// The quiet row at the end of a page: "Chữ to hơn" and "Nghe đọc".
const root = document.documentElement

function remember(name, on) {
  try {
    if (on) localStorage.setItem(name, "1")
    else localStorage.removeItem(name)
  } catch (refused) {
    // Without storage the choice lasts as long as the page.
  }
}

function showLarger(button) {
  button.setAttribute("aria-pressed", String(root.classList.contains("larger")))
}

document.querySelectorAll("[data-larger]").forEach((button) => {
  showLarger(button)
  button.addEventListener("click", () => {
    remember("larger", root.classList.toggle("larger"))
    showLarger(button)
  })
})
