// The filter editor: CodeMirror over a plain textarea, which stays the form's field and the fallback.
import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete"
import {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands"
import {bracketMatching, indentUnit} from "@codemirror/language"
import {forceLinting, linter, lintGutter, lintKeymap, nextDiagnostic} from "@codemirror/lint"
import {highlightSelectionMatches, searchKeymap} from "@codemirror/search"
import {EditorState, StateEffect} from "@codemirror/state"
import {drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers}
  from "@codemirror/view"
import {filterColours, filterLanguage, keywords} from "./language.mjs"

/** Has the text checked once more. */
const askAgain = StateEffect.define()

const theme = EditorView.theme({
  "&": {color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "13px", height: "100%"},
  "&.cm-focused": {outline: "none"},
  ".cm-scroller": {fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "22rem", maxHeight: "70vh"},
  ".cm-content": {caretColor: "var(--ink)", padding: "8px 0"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-gutters": {backgroundColor: "var(--surface)", color: "var(--ink-3)", borderRight: "1px solid var(--line)"},
  ".cm-activeLine": {backgroundColor: "var(--row-hover)"},
  ".cm-activeLineGutter": {backgroundColor: "var(--row-hover)", color: "var(--ink)"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    {backgroundColor: "var(--selection)"},
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {backgroundColor: "var(--selection)", outline: "none"},
  ".cm-tooltip": {backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)",
    borderRadius: "4px"},
  ".cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "var(--accent)", color: "var(--on-accent)"},
  ".cm-diagnostic": {fontFamily: "var(--sans)", padding: "4px 8px", maxWidth: "60ch", whiteSpace: "pre-wrap"},
  ".cm-diagnostic-error": {borderLeft: "3px solid var(--bad)"},
  ".cm-diagnostic-warning": {borderLeft: "3px solid var(--warn)"},
  ".cm-diagnostic-info": {borderLeft: "3px solid var(--accent)"},
  ".cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info": {backgroundImage: "none", textUnderlineOffset: "3px"},
  ".cm-lintRange-error": {textDecoration: "underline wavy var(--bad)"},
  ".cm-lintRange-warning": {textDecoration: "underline wavy var(--warn)"},
  ".cm-lintRange-info": {textDecoration: "underline dotted var(--accent)"},
  // CodeMirror's own markers are data: images, which the content security policy forbids
  ".cm-lint-marker": {content: "normal", width: "8px", height: "8px", margin: "6px 0 0 2px"},
  ".cm-lint-marker-error": {content: "normal", backgroundColor: "var(--bad)", transform: "rotate(45deg)"},
  ".cm-lint-marker-warning": {content: "normal", backgroundColor: "var(--warn-fill)", clipPath: "polygon(50% 0, 100% 100%, 0 100%)"},
  ".cm-lint-marker-info": {content: "normal", backgroundColor: "var(--accent)", borderRadius: "50%"},
  ".cm-panels": {backgroundColor: "var(--raised)", color: "var(--ink)"},
  ".cm-panels.cm-panels-bottom": {borderTop: "1px solid var(--line)"},
  ".cm-panel.cm-search input, .cm-panel.cm-search button": {font: "inherit", color: "inherit",
    backgroundColor: "var(--surface)", backgroundImage: "none", border: "1px solid var(--line-strong)", borderRadius: "3px"},
  ".cm-panel.cm-search label": {fontSize: "inherit"},
})

/** What the text's `use` lines let one write: the short name, and the class that it stands for. */
function shortNames(text) {
  const found = new Map()
  for (const [, type, alias] of text.matchAll(/^\s*use\s+([\p{L}\p{N}_$.]+)(?:\s+as\s+([\p{L}\p{N}_$]+))?/gmu)) {
    found.set(alias || type.slice(type.lastIndexOf(".") + 1), type)
  }
  return found
}

/** Behind `by`: the keys of the region that stands last before it, each with its type; null elsewhere. */
async function keys(context, names) {
  const line = context.state.doc.lineAt(context.pos)
  const behind = /\bby\s+([\p{L}\p{N}_$.]*)$/u.exec(line.text.slice(0, context.pos - line.from))
  if (!behind || !names) return null
  const text = context.state.doc.sliceString(0, context.pos - behind[0].length)
  const places = [...text.matchAll(/([\p{L}_$][\p{L}\p{N}_$.]*)(#[\p{L}\p{N}_$<>-]+(?:\([^)]*\))?)?(:\d+)?/gu)].filter(p => p[2] || p[3])
  const place = places.at(-1)
  if (!place) return null
  const type = shortNames(text).get(place[1]) || place[1]
  const found = await names(`${type}${place[2] || ""}${place[3] || ""} by ${behind[1]}`)
  if (context.aborted) return null
  const options = found.map(k => k.split("\t")).map(([label, detail]) => ({label, detail, type: "variable"}))
  return options.length ? {from: context.pos - behind[1].length, options, filter: false} : null
}

/**
 * Keywords, the names that this text declares or uses, and the names of classes and methods that `names` knows.
 *
 * @param names a function from what has been typed to a promise of names, or null
 */
function completion(names) {
  return async context => {
    const key = await keys(context, names)
    if (key) return key
    const typed = context.matchBefore(/[\p{L}_$][\p{L}\p{N}_$.]*(?:#[\p{L}\p{N}_$<>-]*)?(?::\d*)?/u)
    if (!typed && !context.explicit) return null
    const text = context.state.doc.toString()
    const word = typed ? typed.text : ""
    const options = new Map()
    const add = (label, type) => {
      if (label !== word && !options.has(label)) options.set(label, {label, type, boost: type === "keyword" ? 1 : 0})
    }
    if (!/[#:]/.test(word)) {
      const own = []
      for (const [, name] of text.matchAll(/(?:region|event)\s+([\p{L}_$][\p{L}\p{N}_$-]*)/gu)) own.push(name)
      for (const name of shortNames(text).keys()) own.push(name)
      for (const [name] of text.matchAll(/(?:[a-z][\w$]*\.)+[A-Z][\w$]*/g)) own.push(name)
      keywords.filter(k => k.startsWith(word)).forEach(k => add(k, "keyword"))
      own.filter(n => n.startsWith(word)).forEach(n => add(n, "variable"))
    }
    if (names && word) {
      const [type] = word.split(/[#:]/)
      const member = word.slice(type.length)
      const whole = member && shortNames(text).get(type)
      const found = await names(whole ? whole + member : word)
      if (context.aborted) return null
      found.forEach(name => add(whole ? type + name.slice(whole.length) : name, name.includes("#") ? "method" : "class"))
    }
    // the server has chosen and ordered them: com.acme.Bank is an answer to Ban
    return {from: typed ? typed.from : context.pos, options: [...options.values()], filter: false}
  }
}

/** From line and column (from 1) to a stretch of the text: the word there, else one character, else the line. */
function stretch(doc, line, column) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines))
  const from = Math.min(at.from + Math.max(column - 1, 0), at.to)
  const word = /^(?:[\p{L}\p{N}_$.#<>]+|\S)/u.exec(at.text.slice(from - at.from))
  const to = word ? from + word[0].length : at.to
  return {from: to > from ? from : at.from, to}
}

/**
 * Puts an editor over a textarea.
 *
 * @param textarea the form's field; keeps being submitted
 * @param check a function from the text to a promise of [{severity, line, column, code, message, hint}]
 * @param names a function from what has been typed of a name to a promise of the names that begin so
 */
function enhance(textarea, check, names) {
  const host = document.createElement("div")
  host.className = "editor-host"
  // In a shadow root CodeMirror styles itself through adoptedStyleSheets: in the document it would add a <style> element,
  // which the page's content security policy forbids.
  const root = host.attachShadow({mode: "open"})
  textarea.before(host)
  const extensions = [
    lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(),
    closeBrackets(), highlightActiveLine(), highlightSelectionMatches(), indentUnit.of("    "), EditorState.tabSize.of(4),
    autocompletion({override: [completion(names)]}), filterLanguage, filterColours, theme, EditorView.lineWrapping,
    keymap.of([{key: "Mod-.", run: nextDiagnostic}, ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap,
      ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
    EditorView.contentAttributes.of({"aria-label": textarea.getAttribute("aria-label") || "Filter text", spellcheck: "false"}),
    EditorView.updateListener.of(update => {
      if (update.docChanged) {
        textarea.value = update.state.doc.toString()
        textarea.dispatchEvent(new Event("input", {bubbles: true}))
      }
    }),
  ]
  if (textarea.readOnly) extensions.push(EditorState.readOnly.of(true))
  if (check) {
    extensions.push(lintGutter(), linter(view => check(view.state.doc.toString()).then(found => found.map(d => ({
      ...stretch(view.state.doc, d.line, d.column),
      severity: d.severity,
      source: d.code,
      message: d.hint ? d.message + "\n" + d.hint : d.message,
    }))), {delay: 600, needsRefresh: update => update.transactions.some(tr => tr.effects.some(effect => effect.is(askAgain)))}))
  }
  const view = new EditorView({state: EditorState.create({doc: textarea.value, extensions}), parent: root, root})
  textarea.hidden = true
  return {
    view,
    text: () => view.state.doc.toString(),
    set(text) { view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}}); forceLinting(view) },
    // also of a text that has not changed: the JVM that is asked may have
    check() { view.dispatch({effects: askAgain.of(null)}); forceLinting(view) },
    reveal(line, column) {
      const {from} = stretch(view.state.doc, line, column)
      view.dispatch({selection: {anchor: from}, effects: EditorView.scrollIntoView(from, {y: "center"})})
      view.focus()
    },
  }
}

window.LoomEditor = {enhance}
