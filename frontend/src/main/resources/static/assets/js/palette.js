// The command palette: Ctrl-K, some letters, Enter. A combobox with a list, as ARIA describes it: the focus stays in the field, the arrows
// move the choice, and a screen reader hears it. Without script there is none, and the links are where they are.
(() => {
  "use strict"
  const dialog = document.querySelector("#palette")
  if (!dialog) return
  const field = dialog.querySelector("input")
  const list = dialog.querySelector("[role=listbox]")
  const said = dialog.querySelector("[role=status]")
  const base = dialog.dataset.base
  let chosen = 0
  let asked = 0
  let later

  const pages = () => [...document.querySelectorAll(".side nav a[data-key]")].map(a => (
    {kind: "Page", text: a.querySelector("span").textContent, detail: "g " + a.dataset.key, href: a.getAttribute("href")}))
  const acts = () => [...document.querySelectorAll(".main .actions a[data-test], .main .actions button[popovertarget]")].map(e => (
    {kind: "Here", text: e.textContent.trim(), detail: "", element: e}))
  const known = text => [...acts(), ...pages()].filter(item => item.text.toLowerCase().includes(text.toLowerCase()))

  function choose(index) {
    const options = [...list.children]
    chosen = options.length ? (index + options.length) % options.length : 0
    options.forEach((option, i) => option.setAttribute("aria-selected", i === chosen))
    field.setAttribute("aria-activedescendant", options.length ? options[chosen].id : "")
    options[chosen]?.scrollIntoView({block: "nearest"})
  }
  function show(items) {
    list.replaceChildren(...items.map((item, i) => {
      const option = document.createElement("li")
      option.id = "palette-" + i
      option.setAttribute("role", "option")
      for (const [name, text] of [["kind", item.kind], ["text", item.text], ["detail", item.detail]]) {
        const part = document.createElement("span")
        part.className = name
        part.textContent = text
        option.append(part, " ")
      }
      option.addEventListener("click", () => go(item))
      option.item = item
      return option
    }))
    said.textContent = items.length === 1 ? "1 match" : items.length + " matches"
    choose(0)
  }
  function go(item) {
    dialog.hidePopover()
    if (item.element) { item.element.focus(); item.element.click(); return }
    location.assign(item.href)
  }
  async function ask() {
    const text = field.value.trim()
    const number = ++asked
    const here = known(text)
    show(here)
    if (!text) return
    try {
      const answer = await fetch(base + "palette?q=" + encodeURIComponent(text), {headers: {Accept: "application/json"}})
      if (answer.redirected || !answer.ok || number !== asked) return
      const found = (await answer.json()).map(item => ({...item, href: base.replace(/\/$/, "") + item.href}))
      if (number === asked) show([...here, ...found])
    } catch { /* pages are still found */ }
  }
  field.addEventListener("input", () => { show(known(field.value.trim())); clearTimeout(later); later = setTimeout(ask, 120) })
  field.addEventListener("keydown", event => {
    const moves = {ArrowDown: 1, ArrowUp: -1}
    if (moves[event.key]) { event.preventDefault(); choose(chosen + moves[event.key]) }
    if (event.key === "Enter") { event.preventDefault(); const option = list.children[chosen]; if (option) go(option.item) }
  })
  dialog.addEventListener("toggle", event => {
    if (event.newState === "open") { field.value = ""; field.focus(); ask() }
  })
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault()
      dialog.togglePopover()
    }
  })
})()
