// Runs before the first paint: the theme that this person chose, if any, and what they chose of tables, so that nothing jumps. Without a
// choice the style sheet follows the system, and tables are as they come.
(() => {
  try {
    const chosen = localStorage.getItem("loom-theme")
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen
  } catch {
    // storage is switched off: follow the system
  }
  document.documentElement.classList.add("scripted")

  const read = name => {
    try {
      const {off, density} = JSON.parse(localStorage.getItem("loom-table:" + name)) || {}
      return {off: Array.isArray(off) ? off : [], density: density === "compact" || density === "comfortable" ? density : ""}
    } catch {
      return {off: [], density: ""}
    }
  }
  // which columns are off is said by their numbers, as the style sheet knows them; what is chosen is their names, which stay
  const apply = box => {
    const {off, density} = read(box.dataset.table)
    const numbers = [...box.querySelectorAll("thead th")].flatMap((th, i) => th.dataset.col && off.includes(th.dataset.col) ? [i + 1] : [])
    const wanted = numbers.join(" ")
    if ((box.dataset.off || "") !== wanted) box.dataset.off = wanted
    if ((box.dataset.density || "") !== density) box.dataset.density = density
  }
  window.loomTables = {read, apply}
  // the parser brings the heads of columns before the browser paints them
  const arrived = new MutationObserver(changes => {
    const boxes = new Set()
    for (const {addedNodes} of changes) {
      for (const node of addedNodes) {
        const box = node.nodeName === "TH" ? node.closest("[data-table]") : null
        if (box) boxes.add(box)
      }
    }
    boxes.forEach(apply)
  })
  arrived.observe(document.documentElement, {childList: true, subtree: true})
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-table]").forEach(apply)
    arrived.disconnect()
  })
})()
