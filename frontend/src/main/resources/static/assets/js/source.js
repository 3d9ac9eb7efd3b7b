// The source view: lines are chosen in it, numbers come to their lines, and the reader's own source stands beside them.
(() => {
  "use strict"
  const one = (selector, root = document) => root.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const form = one("#choose")
  const code = one("#code")
  if (!form || !code) return
  const regions = all("fieldset[data-region]", form)
  const field = (n, name) => one(`[name="${name}"]`, regions[n])
  let slot = 0
  let anchor = null          // the line that was chosen first

  // what is chosen: it stands in the form, which works without this script ----------------------------------------------------
  const chosen = n => ({member: field(n, "m").value, from: Number(field(n, "from").value), to: Number(field(n, "to").value)})
  function take(member, from, to) {
    const select = field(slot, "m")
    select.value = member
    field(slot, "from").value = from || ""
    field(slot, "to").value = to || ""
    const keys = keysOf(slot)
    const by = field(slot, "by")
    const other = field(1 - slot, "by").value
    if (by.value && !keys.includes(by.value)) by.value = ""
    if (!by.value) by.value = other && keys.includes(other) ? other : !field(1 - slot, "m").value && keys.includes("this") ? "this" : by.value
    painted()
    form.dispatchEvent(new Event("chosen"))
  }
  function keysOf(n) {
    const member = field(n, "m").value
    const option = all("option[data-keys]", form).find(o => o.value === member)
    const keys = (option?.dataset.keys || "").split(" ").filter(Boolean)
    one("datalist", regions[n]).replaceChildren(...keys.map(key => Object.assign(document.createElement("option"), {value: key})))
    return keys
  }
  function pick(button, further) {
    const line = Number(button.dataset.pick)
    const members = button.members
    const now = chosen(slot)
    const common = anchor && members.find(member => anchor.members.includes(member))
    const grows = common && anchor.line !== line && (further || now.from === now.to && now.from === anchor.line)
    if (grows) {
      take(common, Math.min(anchor.line, line), Math.max(anchor.line, line))
    } else {
      anchor = {line, members}
      take(members[0], line, line)
    }
  }
  function painted() {
    const both = [chosen(0), chosen(1)]
    all("[data-pick]", code).forEach(button => {
      const line = Number(button.dataset.pick)
      const on = both.findIndex(r => r.member && button.members.includes(r.member) && (!r.from || line >= r.from && line <= r.to))
      // not as a class of the row: a row that is replaced gets the classes of the console's answer a moment later
      button.setAttribute("aria-pressed", on >= 0)
    })
    all("[data-slot-of]", form).forEach(button => button.setAttribute("aria-pressed", Number(button.dataset.slotOf) === slot))
  }

  // lines that can be chosen ------------------------------------------------------------------------------------------------
  function offer(span, line, members) {
    span.dataset.pick = line
    span.members = members
    span.setAttribute("role", "button")
    span.setAttribute("aria-label", `${line}, choose this line`)
    span.tabIndex = -1
  }
  function offered() {
    all("table[data-test=lines] tbody", code).forEach(body => {
      const whole = one("[data-whole]", body)
      whole.hidden = false
      whole.onclick = () => { anchor = null; take(body.dataset.member, 0, 0) }
      all("tr[data-line]", body).forEach(row => Number(row.dataset.line) && offer(one(".ln span", row), row.dataset.line, [body.dataset.member]))
    })
    if (text !== null) showSource()
    const first = one(".here [data-pick]", shownTable()) || one("[data-pick]", shownTable())
    if (first) first.tabIndex = 0
    painted()
  }
  const shownTable = () => all("table.lines", code).find(table => !table.closest("[hidden]")) || code
  code.addEventListener("click", event => {
    const button = event.target.closest("[data-pick]")
    if (!button) return
    roam(button)
    pick(button, event.shiftKey)
    if (event.shiftKey) getSelection()?.removeAllRanges()
  })
  function roam(button) {
    all("[data-pick][tabindex='0']", code).forEach(other => { other.tabIndex = -1 })
    button.tabIndex = 0
    button.focus()
  }
  code.addEventListener("keydown", event => {
    const button = event.target.closest("[data-pick]")
    if (!button) return
    const buttons = all("[data-pick]", shownTable())
    const here = buttons.indexOf(button)
    const to = {ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1}[event.key]
    if (to !== undefined) {
      event.preventDefault()
      roam(buttons[Math.max(0, Math.min(buttons.length - 1, to))])
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      pick(button, event.shiftKey)
    }
  })
  all("[data-slot], [data-how], [data-own-source]").forEach(part => { part.hidden = false })
  all("[data-slot-of]", form).forEach(button => button.addEventListener("click", () => { slot = Number(button.dataset.slotOf); anchor = null; painted() }))
  all("[data-clear]", form).forEach(button => button.addEventListener("click", () => {
    all("select, input", button.closest("fieldset")).forEach(part => { part.value = "" })
    anchor = null
    painted()
    form.dispatchEvent(new Event("chosen"))
  }))
  // another class is looked at with the regions that were chosen in this one
  const search = one("form[role=search]")
  search.addEventListener("submit", () => {
    all("[data-carried]", search).forEach(part => part.remove())
    all("[name=m], [name=from], [name=to], [name=by]", form).forEach(part => {
      const carried = Object.assign(document.createElement("input"), {type: "hidden", name: part.name, value: part.value})
      carried.dataset.carried = ""
      search.append(carried)
    })
  })
  form.addEventListener("change", () => { keysOf(0); keysOf(1); painted() })

  // numbers come to their lines ---------------------------------------------------------------------------------------------
  function counted() {
    const said = new Map(all("#counts li").map(li => [li.dataset.hook, li.dataset.said]))
    all("[data-hook] .said", code).forEach(sign => {
      const now = said.get(sign.parentElement.dataset.hook)
      if (now !== undefined && sign.textContent !== now) sign.textContent = now
    })
    all(".standing", code).forEach(sign => sign.remove())
    all("#standing li").forEach(li => all(`tr[data-line="${CSS.escape(li.dataset.line)}"] .marks`, code)
      .filter(cell => [undefined, li.dataset.type].includes(cell.closest("tbody").dataset.type)).forEach(cell => {
        const sign = document.createElement("span")
        sign.className = "mark standing"
        sign.dataset.test = "standing"
        sign.title = li.dataset.why
        const what = document.createElement("b")
        what.textContent = "straggler"
        sign.append(what, " " + li.dataset.thread)
        cell.append(sign)
      }))
  }
  document.addEventListener("htmx:afterSwap", event => { if (event.detail.target.id === "now") counted() })
  document.addEventListener("htmx:oobAfterSwap", event => { if (event.detail.target.id === "code") { offered(); counted() } })

  // the reader's source: read here, and sent nowhere ------------------------------------------------------------------------
  const MOST_BYTES = 4 << 20
  const MOST_LINES = 20000
  const MOST_ENTRIES = 32 << 20
  const sign = one("[data-source-said]")
  const toggle = one("[data-source-toggle]")
  let text = null
  let shown = true
  class Unreadable extends Error {}

  one("#source-file").addEventListener("change", async event => {
    const file = event.target.files[0]
    if (!file) return
    sign.className = "small"
    sign.textContent = "Reading " + file.name + "…"
    try {
      const start = new Uint8Array(await file.slice(0, 4).arrayBuffer())
      const isZip = start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4
      if (!isZip && file.size > MOST_BYTES) throw new Unreadable("The file has more than 4 MiB; a source file has less.")
      const [bytes, name] = isZip ? await entry(file, code.dataset.source) : [new Uint8Array(await file.arrayBuffer()), file.name]
      const [read, note] = decoded(bytes)
      const lines = read.split(/\r\n|\r|\n/)
      if (lines.length > MOST_LINES) throw new Unreadable(`${name} has ${lines.length} lines; ${MOST_LINES} are the most that are shown.`)
      text = lines
      shown = true
      offered()
      counted()
      const beyond = all("table[data-test=lines] tr[data-line]", code).filter(row => Number(row.dataset.line) > lines.length).length
      sign.textContent = `${name}, ${lines.length} lines.${note}` + (beyond ? ` ${beyond} lines of the class are beyond its end: it is another version.` : "")
      sign.classList.toggle("warn-text", beyond > 0)
      toggle.hidden = false
    } catch (error) {
      sign.textContent = error instanceof Unreadable ? error.message : "The file cannot be read: " + error.message
      sign.classList.add("bad-text")
    }
  })
  toggle.addEventListener("click", () => { shown = !shown; showSource() })

  function decoded(bytes) {
    if (bytes.subarray(0, 65536).includes(0)) throw new Unreadable("This is not a text.")
    try {
      return [new TextDecoder("utf-8", {fatal: true}).decode(bytes), ""]
    } catch {
      return [new TextDecoder("windows-1252").decode(bytes), " It is not UTF-8, and was read as Windows-1252."]
    }
  }

  /** The entry of a jar that ends in a path. What the jar says of sizes is believed only after it was counted. */
  async function entry(file, path) {
    if (!path) throw new Unreadable("The class does not say its source file: choose that file itself.")
    const end = await bytesOf(file, Math.max(0, file.size - 65557), file.size)
    let at = end.byteLength - 22
    while (at >= 0 && end.getUint32(at, true) !== 0x06054b50) at--
    if (at < 0) throw new Unreadable("The jar is damaged or cut off.")
    const size = end.getUint32(at + 12, true)
    const start = end.getUint32(at + 16, true)
    if (size > MOST_ENTRIES || start + size > file.size) throw new Unreadable("The jar is too large, or damaged: choose the source file itself.")
    const list = await bytesOf(file, start, start + size)
    let best = null
    for (let i = 0; i + 46 <= list.byteLength && list.getUint32(i, true) === 0x02014b50;) {
      const length = list.getUint16(i + 28, true)
      if (i + 46 + length > list.byteLength) break
      const name = new TextDecoder().decode(new Uint8Array(list.buffer, list.byteOffset + i + 46, length))
      if ((name === path || name.endsWith("/" + path)) && (!best || name.length < best.name.length)) {
        best = {name, method: list.getUint16(i + 10, true), packed: list.getUint32(i + 20, true), size: list.getUint32(i + 24, true), at: list.getUint32(i + 42, true)}
      }
      i += 46 + length + list.getUint16(i + 30, true) + list.getUint16(i + 32, true)
    }
    if (!best) throw new Unreadable(`There is no ${path} in the jar. Is it a jar of sources?`)
    if (best.size > MOST_BYTES || best.packed > MOST_BYTES) throw new Unreadable(`${best.name} has more than 4 MiB.`)
    const head = await bytesOf(file, best.at, best.at + 30)
    if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) throw new Unreadable("The jar is damaged.")
    const from = best.at + 30 + head.getUint16(26, true) + head.getUint16(28, true)
    const packed = file.slice(from, from + best.packed)
    if (best.method !== 0 && best.method !== 8) throw new Unreadable(`${best.name} is packed in a way that is not known here.`)
    const stream = best.method === 0 ? packed.stream() : packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))
    const parts = []
    let count = 0
    for (const reader = stream.getReader();;) {
      const {done, value} = await reader.read()
      if (done) break
      count += value.length
      if (count > MOST_BYTES) {
        await reader.cancel()
        throw new Unreadable(`${best.name} has more than 4 MiB when it is unpacked.`)
      }
      parts.push(value)
    }
    return [new Uint8Array(await new Blob(parts).arrayBuffer()), best.name]
  }
  const bytesOf = async (file, from, to) => new DataView(await file.slice(from, to).arrayBuffer())

  /** Puts the source in the place of the listing: its lines, with the hooks of theirs. */
  function showSource() {
    const listing = one("table[data-test=lines]", code)
    one("table[data-test=source]", code)?.remove()
    listing.hidden = shown
    toggle.textContent = shown ? "Show what the code does" : "Show the source"
    if (!shown) { painted(); return }
    const at = new Map()
    all("tbody", listing).forEach(body => all("tr[data-line]", body).forEach(row => {
      const line = Number(row.dataset.line)
      if (!line) return
      if (!at.has(line)) at.set(line, [])
      at.get(line).push({row, member: body.dataset.member, span: all("tr[data-line]", body).length})
    }))
    const body = document.createElement("tbody")
    text.forEach((content, i) => {
      const line = i + 1
      const here = (at.get(line) || []).sort((a, b) => a.span - b.span)
      const row = document.createElement("tr")
      row.dataset.line = line
      const [ln, marks, does] = ["num ln", "marks", "does source"].map(name => Object.assign(document.createElement("td"), {className: name}))
      const number = document.createElement("span")
      number.textContent = line
      ln.append(number)
      if (here.length) offer(number, line, [...new Set(here.map(h => h.member))])
      does.textContent = content
      here.forEach(h => {
        marks.append(...all(":scope > *", one(".marks", h.row)).map(part => part.cloneNode(true)))
        for (const name of ["inside", "here"]) if (h.row.classList.contains(name)) row.classList.add(name)
      })
      row.classList.toggle("codeless", !here.length)
      row.append(ln, marks, does)
      body.append(row)
    })
    const table = document.createElement("table")
    table.className = "lines"
    table.dataset.test = "source"
    table.append(one("thead", listing).cloneNode(true), body)
    listing.after(table)
    one("tr.here", table)?.scrollIntoView({block: "center"})
    painted()
  }

  const isElsewhere = field(0, "m").value && !field(0, "m").selectedOptions[0].dataset.keys
  slot = isElsewhere && !field(1, "m").value ? 1 : 0
  offered()
  keysOf(0)
  keysOf(1)
})()
