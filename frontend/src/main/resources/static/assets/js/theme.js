// Runs before the first paint: the theme that this person chose, if any. Without a choice the style sheet follows the system.
(() => {
  try {
    const chosen = localStorage.getItem("loom-theme")
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen
  } catch {
    // storage is switched off: follow the system
  }
  document.documentElement.classList.add("scripted")
})()
