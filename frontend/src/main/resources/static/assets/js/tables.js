// What is shown of a large table: the dialog behind its button has a box for each column that may be hidden, and two densities. The choice stays in
// this browser; theme.js applies it before the first paint of the next page. Without script there is no button, and all columns are there.
(() => {
  "use strict"
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name)
    Object.entries(attributes).forEach(([key, value]) => { if (value !== false) element.setAttribute(key, value === true ? "" : value) })
    element.append(...children)
    return element
  }
  document.querySelectorAll("[data-table-view]").forEach(dialog => {
    const name = dialog.dataset.tableView
    const box = document.querySelector(`[data-table="${CSS.escape(name)}"]`)
    if (!box) return
    const heads = [...box.querySelectorAll("thead th[data-col]")]
    const usual = box.querySelector("table.dense") ? "compact" : "comfortable"
    const store = choice => {
      try {
        if (choice.off.length || choice.density) localStorage.setItem("loom-table:" + name, JSON.stringify(choice))
        else localStorage.removeItem("loom-table:" + name)
      } catch { /* only for this page then */ }
      loomTables.apply(box)
    }
    const label = (input, text) => make("label", {}, input, " " + text)
    const fill = () => {
      const choice = loomTables.read(name)
      const columns = heads.map(th => label(make("input", {type: "checkbox", "data-col": th.dataset.col, checked: !choice.off.includes(th.dataset.col)}),
        th.textContent.trim() + (th.checkVisibility() || choice.off.includes(th.dataset.col) ? "" : " (on a wider screen)")))
      const rows = ["comfortable", "compact"].map(density => label(
        make("input", {type: "radio", name: "density-" + name, value: density, checked: (choice.density || usual) === density}), density === "compact" ? "Compact" : "Comfortable"))
      dialog.querySelector("[data-choices]").replaceChildren(
        ...(heads.length ? [make("fieldset", {}, make("legend", {}, "Columns"), ...columns)] : []), make("fieldset", {}, make("legend", {}, "Rows"), ...rows))
    }
    dialog.addEventListener("change", event => {
      const choice = loomTables.read(name)
      if (event.target.type === "radio") choice.density = event.target.value === usual ? "" : event.target.value
      else choice.off = heads.map(th => th.dataset.col).filter(col => !dialog.querySelector(`input[data-col="${CSS.escape(col)}"]`).checked)
      store(choice)
    })
    dialog.querySelector("[data-as-it-was]").addEventListener("click", () => { store({off: [], density: ""}); fill(); dialog.querySelector("input")?.focus() })
    dialog.addEventListener("beforetoggle", event => {
      if (event.newState !== "open") return
      fill()
      // below its button, where there is room for it
      const at = document.querySelector(`[popovertarget="${CSS.escape(dialog.id)}"]`).getBoundingClientRect()
      const fits = innerWidth > 600
      Object.assign(dialog.style, fits ? {margin: "0", inset: "auto", top: at.bottom + 6 + "px", right: Math.max(8, document.documentElement.clientWidth - at.right) + "px"} : {margin: "", inset: "", top: "", right: ""})
    })
    dialog.addEventListener("toggle", event => { if (event.newState === "open") dialog.querySelector("input")?.focus() })
  })
})()
