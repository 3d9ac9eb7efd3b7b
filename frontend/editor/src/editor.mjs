// The filter editor: CodeMirror over a plain textarea, which stays the form's field and the fallback.
import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete"
import {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands"
import {bracketMatching, indentUnit} from "@codemirror/language"
import {forceLinting, linter, lintGutter, lintKeymap, nextDiagnostic} from "@codemirror/lint"
import {highlightSelectionMatches, searchKeymap} from "@codemirror/search"
import {EditorState} from "@codemirror/state"
import {drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers}
  from "@codemirror/view"
import {filterColours, filterLanguage, keywords} from "./language.mjs"

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

/** Keywords, and the names that this text declares or uses. */
function complete(context) {
  const typed = context.matchBefore(/[\p{L}_$][\p{L}\p{N}_$.]*/u)
  if (!typed && !context.explicit) return null
  const names = new Set()
  for (const found of context.state.doc.toString().matchAll(/(?:region|event)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu)) names.add(found[1])
  for (const found of context.state.doc.toString().matchAll(/(?:[a-z][\w$]*\.)+[A-Z][\w$]*/g)) names.add(found[0])
  return {
    from: typed ? typed.from : context.pos,
    options: keywords.map(label => ({label, type: "keyword"})).concat([...names].map(label => ({label, type: "variable"}))),
    validFor: /^[\p{L}\p{N}_$.]*$/u,
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
 */
function enhance(textarea, check) {
  const host = document.createElement("div")
  host.className = "editor-host"
  // In a shadow root CodeMirror styles itself through adoptedStyleSheets: in the document it would add a <style> element,
  // which the page's content security policy forbids.
  const root = host.attachShadow({mode: "open"})
  textarea.before(host)
  const extensions = [
    lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(),
    closeBrackets(), highlightActiveLine(), highlightSelectionMatches(), indentUnit.of("    "), EditorState.tabSize.of(4),
    autocompletion({override: [complete]}), filterLanguage, filterColours, theme, EditorView.lineWrapping,
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
    }))), {delay: 600}))
  }
  const view = new EditorView({state: EditorState.create({doc: textarea.value, extensions}), parent: root, root})
  textarea.hidden = true
  return {
    view,
    text: () => view.state.doc.toString(),
    set(text) { view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}}); forceLinting(view) },
    check: () => forceLinting(view),
    reveal(line, column) {
      const {from} = stretch(view.state.doc, line, column)
      view.dispatch({selection: {anchor: from}, effects: EditorView.scrollIntoView(from, {y: "center"})})
      view.focus()
    },
  }
}

window.LoomEditor = {enhance}
