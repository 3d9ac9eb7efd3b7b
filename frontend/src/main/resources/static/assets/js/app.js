// What every page does with script: theme, shortcuts, live parts, times. Each page works without it, less comfortably.
(() => {
  "use strict"
  const one = (selector, root = document) => root.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const csrf = () => ({[one("meta[name=csrf-header]")?.content || "X-CSRF-TOKEN"]: one("meta[name=csrf-token]")?.content || ""})

  // theme -----------------------------------------------------------------------------------------------------------------
  const isDark = () => (document.documentElement.dataset.theme
    || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark"
  function toggleTheme() {
    const theme = isDark() ? "light" : "dark"
    document.documentElement.dataset.theme = theme
    try { localStorage.setItem("loom-theme", theme) } catch { /* only for this page then */ }
    document.dispatchEvent(new CustomEvent("loom:theme"))
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("loom:theme")))
  all("[data-theme-toggle]").forEach(button => { button.hidden = false; button.addEventListener("click", toggleTheme) })

  // shortcuts -------------------------------------------------------------------------------------------------------------
  let prefix = ""
  let prefixEnds = 0
  const isTyping = element => element && (element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName)
    || element.classList.contains("editor-host"))
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if ((event.ctrlKey || event.metaKey) && event.key === "s" && one("[data-save]")) {
        event.preventDefault()
        one("[data-save]").click()
      }
      return
    }
    if (isTyping(event.target)) {
      if (event.key === "Escape" && event.target.matches("input[type=search]")) event.target.blur()
      return
    }
    const key = event.key
    if (prefix === "g" && Date.now() < prefixEnds) {
      prefix = ""
      const link = one(`.side a[data-key="${CSS.escape(key)}"]`)
      if (link) { event.preventDefault(); link.click() }
      return
    }
    prefix = ""
    if (key === "g") { prefix = "g"; prefixEnds = Date.now() + 1500; return }
    if (key === "?") { event.preventDefault(); one("#help")?.togglePopover(); return }
    if (key === "t") { toggleTheme(); return }
    if (key === "/") {
      const field = one("input[type=search]")
      if (field) { event.preventDefault(); field.focus(); field.select() }
      return
    }
    if (key === "j" || key === "k") {
      const rows = all("[data-rows] a[data-row]")
      if (rows.length) {
        const here = rows.indexOf(document.activeElement)
        rows[Math.max(0, Math.min(rows.length - 1, here + (key === "j" ? 1 : -1)))].focus()
      }
      return
    }
    const button = one(`.main [data-shortcut="${CSS.escape(key)}"]`)
    if (button) { event.preventDefault(); button.focus(); button.click() }
  })

  // dialogs: the browser gives the focus back to the button that opened one, unless that was replaced by newer numbers -----------
  document.addEventListener("toggle", event => {
    if (event.newState === "closed" && document.activeElement === document.body) one(`[popovertarget="${CSS.escape(event.target.id)}"]`)?.focus()
  }, true)

  // times: the server writes the moment, the page says how long ago ----------------------------------------------------------
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]
  function since(seconds) {
    if (seconds < 5) return "just now"
    const [unit, size] = units.find(([, length]) => seconds >= length)
    return `${Math.floor(seconds / size)} ${unit} ago`
  }
  function times(root = document) {
    all("time[data-since]", root).forEach(time => {
      const moment = new Date(time.dateTime)
      if (isNaN(moment)) return
      time.title = moment.toLocaleString(undefined, {dateStyle: "medium", timeStyle: "long"})
      time.textContent = since(Math.max(0, (Date.now() - moment) / 1000))
    })
    all("time[data-clock]", root).forEach(time => {
      const moment = new Date(time.dateTime)
      if (isNaN(moment)) return
      time.title = moment.toLocaleString(undefined, {dateStyle: "medium", timeStyle: "long"})
      time.textContent = moment.toLocaleString(undefined,
        {month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false})
    })
  }
  times()
  setInterval(times, 5000)
  // days are those of whoever looks, as the times beside them
  all("input[data-zone]").forEach(field => { field.value = Intl.DateTimeFormat().resolvedOptions().timeZone })

  // live parts ------------------------------------------------------------------------------------------------------------
  // A browser keeps six connections to a host. A page that nobody sees gives its one back, and catches up when it is seen.
  class SeenEventSource extends EventTarget {
    constructor(url) {
      super()
      this.url = url
      this.listeners = new Map()
      this.onSeen = () => document.hidden ? this.drop() : this.open(true)
      document.addEventListener("visibilitychange", this.onSeen)
      if (!document.hidden) this.open(false)
    }
    get readyState() { return this.source ? this.source.readyState : EventSource.CONNECTING }
    open(again) {
      if (this.source) return
      this.source = new EventSource(this.url, {withCredentials: true})
      this.source.onopen = event => { this.onopen?.(event); if (again || this.failed) this.catchUp(); this.failed = false; shown(true) }
      this.source.onerror = event => { this.failed = true; shown(false); this.onerror?.(event) }
      this.listeners.forEach((handlers, name) => handlers.forEach(handler => this.source.addEventListener(name, handler)))
    }
    catchUp() { document.dispatchEvent(new CustomEvent("loom:catch-up")); window.htmx && all("[data-live]").forEach(e => htmx.trigger(e, "catch-up")) }
    drop() { this.source?.close(); this.source = null }
    close() { this.drop(); document.removeEventListener("visibilitychange", this.onSeen) }
    addEventListener(name, handler) {
      if (!this.listeners.has(name)) this.listeners.set(name, new Set())
      this.listeners.get(name).add(handler)
      this.source?.addEventListener(name, handler)
    }
    removeEventListener(name, handler) {
      this.listeners.get(name)?.delete(handler)
      this.source?.removeEventListener(name, handler)
    }
  }
  let lastHeard = new Date()
  function shown(connected) {
    if (connected) lastHeard = new Date()
    all("[data-live-sign]").forEach(sign => {
      sign.hidden = false
      sign.classList.toggle("on", connected)
      sign.classList.toggle("off", !connected)
      sign.textContent = connected ? "live" : "not connected, as of " + lastHeard.toLocaleTimeString(undefined, {hour12: false})
    })
  }
  if (window.htmx) {
    htmx.createEventSource = url => new SeenEventSource(url)
    document.addEventListener("htmx:configRequest", event => Object.assign(event.detail.headers, csrf()))
    // what a person opened, scrolled or is reading stays as it was when new numbers come
    let open = new Set()
    let scrolled = new Map()
    document.addEventListener("htmx:beforeSwap", event => {
      // the session ended: the answer is the login page, which must not land inside this one
      if (event.detail.xhr.status === 401 || event.detail.xhr.responseURL.endsWith("/login")) {
        event.detail.shouldSwap = false
        location.reload()
        return
      }
      // who marks text to copy it keeps the mark; the next refresh comes soon enough
      const marked = getSelection()
      const places = [event.detail.target, ...[...event.detail.xhr.responseText.matchAll(/id="([^"]+)"[^>]*hx-swap-oob/g)]
        .map(([, id]) => document.getElementById(id))]
      if (marked && !marked.isCollapsed && places.some(place => place?.contains(marked.anchorNode))) {
        event.detail.shouldSwap = false
        return
      }
      open = new Set(all("details[open][id]", event.detail.target).map(e => e.id))
      scrolled = new Map(all("[data-keep-scroll][id]", event.detail.target).map(e => [e.id, [e.scrollLeft, e.scrollTop]]))
      event.detail.focused = document.activeElement?.id
    })
    document.addEventListener("htmx:afterSwap", event => {
      open.forEach(id => { const e = document.getElementById(id); if (e) e.open = true })
      scrolled.forEach(([left, top], id) => { const e = document.getElementById(id); if (e) { e.scrollLeft = left; e.scrollTop = top } })
      if (event.detail.focused && document.activeElement === document.body) document.getElementById(event.detail.focused)?.focus({preventScroll: true})
      lastHeard = new Date()
      times(event.detail.target)
    })
    let oobScrolled = new Map()
    document.addEventListener("htmx:oobBeforeSwap", event => {
      oobScrolled = new Map(all("[data-keep-scroll][id]", event.detail.target).map(e => [e.id, [e.scrollLeft, e.scrollTop]]))
    })
    document.addEventListener("htmx:oobAfterSwap", event => {
      oobScrolled.forEach(([left, top], id) => { const e = document.getElementById(id); if (e) { e.scrollLeft = left; e.scrollTop = top } })
      times(event.detail.target)
    })
    document.addEventListener("htmx:sendError", () => shown(false))
  }

  // forms -----------------------------------------------------------------------------------------------------------------
  document.addEventListener("submit", event => {
    const button = event.submitter
    if (event.defaultPrevented || !button || event.target.method === "get") return
    if (event.target.dataset.sent) { event.preventDefault(); return }   // a double click is one order
    event.target.dataset.sent = "yes"
    setTimeout(() => { button.disabled = true }, 0)
  })
  addEventListener("pageshow", event => {
    if (event.persisted) all("form[data-sent]").forEach(form => { delete form.dataset.sent; all("button", form).forEach(b => { b.disabled = false }) })
  })
  all("[data-autosubmit]").forEach(field => field.addEventListener("change", () => field.form.requestSubmit()))
  all("[data-check-all]").forEach(box => {
    const boxes = () => all(`input[name="${box.dataset.checkAll}"]`, box.form).filter(b => !b.disabled && b.closest("tr,li")?.hidden !== true)
    const count = () => {
      const chosen = all(`input[name="${box.dataset.checkAll}"]:checked`, box.form).length
      const sign = one("[data-check-count]", box.form)
      if (sign) sign.textContent = chosen === 0 ? "none chosen" : `${chosen} chosen`
      box.checked = chosen > 0 && boxes().every(b => b.checked)
      box.indeterminate = chosen > 0 && !box.checked
    }
    box.addEventListener("change", () => { boxes().forEach(b => { b.checked = box.checked }); count() })
    box.form.addEventListener("change", count)
    count()
  })
  all("[data-narrow]").forEach(field => field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase()
    all(`${field.dataset.narrow} tbody tr`).forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(wanted) })
  }))
  // whom a selector takes now, before anything is enabled
  all("[data-preview]").forEach(sign => {
    const field = one("#selector")
    let asked = 0
    let later
    const ask = async () => {
      const selector = field.value.trim()
      const number = ++asked
      if (!selector) { sign.textContent = ""; return }
      try {
        const answer = await fetch(sign.dataset.preview + "?selector=" + encodeURIComponent(selector))
        const said = await answer.json()
        if (number !== asked) return
        if (!answer.ok) { sign.textContent = said.detail || ""; return }
        const rest = said.jvms - said.names.length
        sign.textContent = said.jvms === 0 ? "takes no JVM now"
          : `takes ${said.jvms} JVM${said.jvms === 1 ? "" : "s"} now: ${said.names.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`
      } catch {
        sign.textContent = ""
      }
    }
    field.addEventListener("input", () => { clearTimeout(later); later = setTimeout(ask, 300) })
    ask()
  })
  all("[data-copy]").forEach(button => {
    if (!navigator.clipboard) return
    button.hidden = false
    button.addEventListener("click", () => navigator.clipboard.writeText(one(button.dataset.copy).textContent.trim()).then(() => {
      const was = button.lastChild.textContent
      button.lastChild.textContent = "Copied"
      setTimeout(() => { button.lastChild.textContent = was }, 1500)
    }))
  })
  all("[data-dismiss]").forEach(button => { button.hidden = false; button.addEventListener("click", () => button.closest(".flash").remove()) })

  // files: dropping one is choosing one; a chosen one is shown before it is sent -----------------------------------------------
  all("[data-drop]").forEach(area => {
    const input = one("input[type=file]", area)
    for (const name of ["dragenter", "dragover"]) area.addEventListener(name, event => { event.preventDefault(); area.classList.add("over") })
    for (const name of ["dragleave", "drop"]) area.addEventListener(name, () => area.classList.remove("over"))
    area.addEventListener("drop", event => {
      event.preventDefault()
      if (!event.dataTransfer.files.length) return
      input.files = event.dataTransfer.files
      input.dispatchEvent(new Event("change", {bubbles: true}))
    })
  })

  // drafts: what is typed stays in this browser until it is stored, through a lost session and a restart ---------------------
  const drafts = (() => {
    const key = "loom-draft:" + location.pathname
    const storage = (() => { try { return localStorage } catch { return null } })()
    const sent = (() => { try { return sessionStorage } catch { return null } })()
    const drop = () => storage?.removeItem(key)
    // the page after a save says so; only then the draft has done its duty
    const asked = sent?.getItem("loom-sent")
    sent?.removeItem("loom-sent")
    if (asked && one("[data-test=flash][data-kind=ok]")) storage?.removeItem(asked)
    all("form[action$='/logout']").forEach(form => form.addEventListener("submit", () => {
      Object.keys(storage || {}).filter(k => k.startsWith("loom-draft:")).forEach(k => storage.removeItem(k))
    }))
    return {
      keep: text => { try { storage?.setItem(key, JSON.stringify({text, at: Date.now()})) } catch { /* full: then there is no draft */ } },
      sent: () => sent?.setItem("loom-sent", key),
      offer: (now, take) => {
        let draft = null
        try { draft = JSON.parse(storage?.getItem(key)) } catch { /* not one of ours */ }
        const box = one("#draft")
        if (!draft || !box || draft.text === now || !draft.text.trim()) { if (draft) drop(); return }
        one("[data-draft-at]", box).textContent = new Date(draft.at).toLocaleString()
        box.hidden = false
        one("[data-draft-take]", box).addEventListener("click", () => { take(draft.text); box.hidden = true })
        one("[data-draft-drop]", box).addEventListener("click", () => { drop(); box.hidden = true })
      },
    }
  })()

  // editor ----------------------------------------------------------------------------------------------------------------
  all("textarea[data-editor]").forEach(textarea => {
    if (!window.LoomEditor) return
    const list = one(textarea.dataset.remarks || "#remarks")
    let asked = 0
    let shownFor = null
    const say = sentence => {
      const line = document.createElement("p")
      line.className = "in warn-text"
      line.textContent = sentence
      list.replaceChildren(line)
      shownFor = null
    }
    const check = async text => {
      if (!list || !textarea.dataset.check || text === "") return []
      const number = ++asked
      const body = new URLSearchParams({text, name: one("#name")?.value || "", target: one("#check-target")?.value || ""})
      try {
        const answer = await fetch(textarea.dataset.check, {method: "POST", headers: {...csrf(), "HX-Request": "true"}, body})
        if (answer.redirected || answer.status === 401 || answer.status === 403) {
          say("You are not logged in any more. Copy your text, then reload this page.")
          return []
        }
        if (!answer.ok) throw new Error(String(answer.status))
        const html = await answer.text()
        if (number !== asked) return []
        if (shownFor !== html) { list.innerHTML = html; shownFor = html }
      } catch {
        say("The check did not answer. It is tried again with your next change.")
        return []
      }
      return all("li[data-line]", list).map(e => ({line: +e.dataset.line, column: +e.dataset.column, severity: e.dataset.severity,
        code: e.dataset.code, message: e.dataset.message, hint: e.dataset.hint}))
    }
    // names of classes and methods: of a jar that was read once for this page, and of the JVM that is checked against
    const jarNames = []
    const fromJar = typed => {
      const [type, member] = typed.split("#")
      const matches = []
      for (const [name, methods] of jarNames) {
        if (member !== undefined) {
          if (name === type || name.replaceAll("$", ".") === type) {
            methods.forEach(m => { if (m.startsWith(member)) matches.push(type + "#" + m) })
          }
        } else if (name.startsWith(typed) || name.slice(name.lastIndexOf(".") + 1).startsWith(typed)
            || name.slice(name.lastIndexOf("$") + 1).startsWith(typed)) {
          matches.push(name)
        }
        if (matches.length >= 100) break
      }
      return matches
    }
    const fromJvm = async typed => {
      const target = one("#check-target")?.value
      if (!target) return []
      try {
        const answer = await fetch(`${textarea.dataset.api}/targets/${target}/names?q=${encodeURIComponent(typed)}`)
        return answer.ok ? (await answer.json()).names : []
      } catch {
        return []   // names are a help; the check says when a JVM is out of reach
      }
    }
    const names = async typed => [...new Set([...fromJar(typed), ...await fromJvm(typed)])].slice(0, 100)
    const jar = one("#names-jar")
    all("#names-strip, [data-layout], [data-pin]").forEach(part => { part.hidden = false })
    jar?.addEventListener("change", async () => {
      const chosen = jar.files[0]
      const sign = one("#names-jar-said")
      if (!chosen) return
      sign.textContent = "reading " + chosen.name + "…"
      try {
        const answer = await fetch(textarea.dataset.api + "/filters/names",
          {method: "POST", headers: {...csrf(), "Content-Type": "application/java-archive"}, body: chosen})
        const read = await answer.json()
        if (!answer.ok) throw new Error(read.detail || String(answer.status))
        jarNames.splice(0, jarNames.length, ...Object.entries(read.classes))
        sign.textContent = `${jarNames.length} classes of ${chosen.name}${read.complete ? "" : ", and there are more"}`
      } catch (problem) {
        sign.textContent = problem.message
      }
    })
    const editor = LoomEditor.enhance(textarea, textarea.readOnly ? null : check, textarea.readOnly ? null : names)
    // the text as the console or a JVM writes it
    const rewrite = async path => {
      try {
        const answer = await fetch(textarea.dataset.api + path,
          {method: "POST", headers: {...csrf(), "Content-Type": "text/plain", Accept: "text/plain, application/problem+json"},
            body: editor.text()})
        if (answer.ok) editor.set(await answer.text())
        else say((await answer.json()).detail)
      } catch {
        say("The console did not answer. Try again.")
      }
    }
    one("[data-layout]")?.addEventListener("click", () => rewrite("/filters/format"))
    one("[data-pin]")?.addEventListener("click", () => {
      const target = one("#check-target")?.value
      if (target) rewrite("/filters/pin?target=" + target)
      else say("Choose the JVM to check against: the pins are of its classes.")
    })
    textarea.loomEditor = editor
    one("#check-target")?.addEventListener("change", () => editor.check())
    one("[data-check-now]")?.addEventListener("click", event => { event.preventDefault(); editor.check() })
    list?.addEventListener("click", event => {
      const link = event.target.closest("[data-goto]")
      if (!link) return
      event.preventDefault()
      const [line, column] = link.dataset.goto.split(":").map(Number)
      editor.reveal(line, column)
    })
    const file = one("input[type=file][name=file]", textarea.form)
    file?.addEventListener("change", async () => {
      const chosen = file.files[0]
      if (!chosen || chosen.size > 1 << 20) return   // the server says what is wrong with a large one
      editor.set(await chosen.text())
      // the name that the text gives itself goes before the file's
      const own = /^\s*filter\s+"([^"]+)"/m.exec(editor.text())
      const name = one("#name")
      if (name && !name.value && !name.readOnly) name.value = own ? own[1] : chosen.name.replace(/\.loom$/i, "")
      file.value = ""
    })
    let dirty = false
    textarea.addEventListener("input", () => { dirty = true; drafts.keep(editor.text()) })
    addEventListener("beforeunload", event => { if (dirty && !textarea.readOnly) event.preventDefault() })
    if (textarea.readOnly) return
    drafts.offer(textarea.value, text => editor.set(text))
    let mayGo = false
    textarea.form?.addEventListener("submit", event => {
      if (mayGo || event.submitter?.matches("[data-check-now]")) { dirty = false; return }
      // a form that is sent without a session would lose its text at the login page
      event.preventDefault()
      delete textarea.form.dataset.sent
      const body = new URLSearchParams({text: "", name: ""})
      fetch(textarea.dataset.check, {method: "POST", headers: {...csrf(), "HX-Request": "true"}, body, redirect: "manual"}).then(answer => {
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
          say("You are not logged in any more. Your text is kept in this browser: reload this page and log in, and it is offered again.")
          return
        }
        send(event.submitter)
      }, () => say("The console does not answer. Your text is kept in this browser; save again when it is back."))
    })
    const send = submitter => {
      mayGo = true
      dirty = false
      drafts.sent()
      textarea.form.requestSubmit(submitter)
    }
  })

  // the version of one filter is none of another's: until the choices of the new one have come, it is the current one
  document.addEventListener("change", event => {
    const version = event.target.matches("select#filter") ? one("select#version") : null
    if (version) version.value = ""
  }, true)

  // charts ----------------------------------------------------------------------------------------------------------------
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const digits = (value, count) => value.toLocaleString(undefined, {minimumFractionDigits: count, maximumFractionDigits: count, useGrouping: false})
  const short = value => value == null ? "" : value >= 1e9 ? digits(value / 1e9, 1) + "G" : value >= 1e6 ? digits(value / 1e6, 1) + "M"
    : value >= 1e4 ? digits(value / 1e3, 0) + "k" : value >= 1e3 ? digits(value / 1e3, 1) + "k" : value >= 10 || Number.isInteger(value)
      ? digits(Math.round(value), 0) : digits(value, value < 1 ? 2 : 1)
  function tooltip(unit) {
    let box
    return {hooks: {
      init: plot => { box = document.createElement("div"); box.className = "tip"; box.hidden = true; plot.over.append(box) },
      setCursor: plot => {
        const index = plot.cursor.idx
        const value = index == null ? null : plot.data[1][index]
        box.hidden = value == null
        if (value == null) return
        box.textContent = `${short(value)} ${unit} at ${new Date(plot.data[0][index] * 1000).toLocaleTimeString(undefined, {hour12: false})}`
        const right = plot.cursor.left > plot.over.clientWidth / 2
        box.style.left = right ? "auto" : plot.cursor.left + 10 + "px"
        box.style.right = right ? plot.over.clientWidth - plot.cursor.left + 10 + "px" : "auto"
        box.style.top = "2px"
      },
    }}
  }
  /** Draws a line where a filter came into force or left, with a word for it; a chart of a few points in width has the line alone. */
  function marked(figure) {
    return {hooks: {
      draw: plot => {
        const {ctx, bbox} = plot
        const scale = devicePixelRatio
        ctx.save()
        ctx.strokeStyle = ctx.fillStyle = colour("--ink-2")
        ctx.lineWidth = scale
        ctx.setLineDash([3 * scale, 3 * scale])
        ctx.font = `${10 * scale}px system-ui, sans-serif`
        let free = -Infinity
        for (const mark of figure.marks || []) {
          const x = Math.round(plot.valToPos(mark.at / 1000, "x", true))
          if (x < bbox.left || x > bbox.left + bbox.width) continue
          ctx.beginPath()
          ctx.moveTo(x, bbox.top)
          ctx.lineTo(x, bbox.top + bbox.height)
          ctx.stroke()
          const width = ctx.measureText(mark.text).width
          const left = x + 3 * scale + width > bbox.left + bbox.width ? x - 3 * scale - width : x + 3 * scale
          if (left > free) {
            ctx.fillText(mark.text, left, bbox.top + 10 * scale)
            free = left + width
          }
        }
        ctx.restore()
      },
    }}
  }
  function charts(figure) {
    const plots = new Map()
    const span = figure.dataset.minutes * 60
    const now = () => Date.now() / 1000
    const draw = series => all("[data-series]", figure).forEach(chart => {
      const name = chart.dataset.series
      const values = series[name]
      const plot = one(".plot", chart)
      const none = one(".none", chart)
      const has = Array.isArray(values) && values.some(value => value != null)
      plot.hidden = !has
      if (none) none.hidden = has
      if (!has) return
      const data = [series.at.map(at => at / 1000), values]
      const last = [...values].reverse().find(value => value != null)
      one(".now", chart).textContent = `${short(last)} ${chart.dataset.unit}`
      one(".now", chart).dataset.value = last
      if (plots.has(name)) { plots.get(name).setData(data); return }
      const line = colour(`--${chart.dataset.colour}`)
      const axis = {stroke: colour("--ink-3"), grid: {stroke: colour("--line"), width: 1}, ticks: {show: false}, font: "11px system-ui, sans-serif"}
      plots.set(name, new uPlot({
        width: plot.clientWidth, height: 150, padding: [8, 22, 0, 0],
        cursor: {sync: {key: "loom"}, y: false, points: {size: 6}},
        legend: {show: false},
        scales: {x: {range: () => [now() - span, now()]}, y: {range: (self, low, high) => [0, Math.max(high * 1.1, chart.dataset.floor ? +chart.dataset.floor : 1)]}},
        axes: [{...axis, space: 52, size: 22, incrs: [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400], values: (self, ticks) => ticks.map(t => new Date(t * 1000).toLocaleTimeString(undefined,
          {hour: "2-digit", minute: "2-digit", second: self.scales.x.max - self.scales.x.min < 240 ? "2-digit" : undefined, hour12: false}))},
        {...axis, size: 42, space: 32, values: (self, ticks) => ticks.map(short)}],
        series: [{}, {stroke: line, width: 1.6, fill: line + "1f", points: {show: false}, spanGaps: false}],
        plugins: [tooltip(chart.dataset.unit), marked(figure)],
      }, data, plot))
    })
    const load = async () => {
      if (document.hidden || !figure.isConnected) return
      try {
        const answer = await fetch(figure.dataset.charts, {headers: {Accept: "application/json"}})
        if (answer.ok && !answer.redirected) {
          const series = await answer.json()
          // the oldest first, as they are drawn
          figure.marks = (series.marks || []).sort((a, b) => a.at - b.at)
          draw(series)
        }
      } catch { /* the live sign says so */ }
    }
    const again = () => { plots.forEach(plot => plot.destroy()); plots.clear(); load() }
    document.addEventListener("loom:theme", again)
    document.addEventListener("loom:catch-up", load)
    new ResizeObserver(() => plots.forEach(plot => {
      const width = plot.root.parentElement.clientWidth
      if (width && width !== plot.width) plot.setSize({width, height: 150})
    })).observe(figure)
    load()
    setInterval(load, 2000)
  }
  if (window.uPlot) all("[data-charts]").forEach(charts)
})()
