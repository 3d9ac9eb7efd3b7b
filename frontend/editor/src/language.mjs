// The filter language for highlighting: a line-at-a-time tokenizer, forgiving on purpose. What is right or wrong is
// said by the checker on the server, which is the same code as the agent's.
import {HighlightStyle, StreamLanguage, syntaxHighlighting} from "@codemirror/language"
import {tags} from "@lezer/highlight"

export const keywords = ["filter", "about", "ticket", "use", "as", "region", "event", "observe", "atomic", "shared", "by", "in",
  "each", "within", "pin"]
const atoms = new Set(["this", "class", "null", "true", "false"])
const word = /^[\p{L}_$][\p{L}\p{N}_$]*/u

export const filterLanguage = StreamLanguage.define({
  name: "loom",
  startState: () => ({comment: false, declares: ""}),
  token(stream, state) {
    if (state.comment) {
      if (stream.match(/^.*?\*\//)) state.comment = false
      else stream.skipToEnd()
      return "comment"
    }
    if (stream.sol() && stream.match(/^\s*#.*/)) return "comment"
    if (stream.eatSpace()) return null
    if (stream.match("//")) { stream.skipToEnd(); return "comment" }
    if (stream.match("/*")) { state.comment = true; return "comment" }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string"
    if (stream.match(/^sha256:[0-9a-fA-F]*/)) return "meta"
    if (stream.match(/^#<?[\p{L}_$][\p{L}\p{N}_$]*>?/u)) return "methodName"
    if (stream.match(/^-?\d+(?:ms|s|m)?\b/)) return "number"
    if (stream.match(/^\$\d+/)) return "keyName"
    if (stream.match("<>") || stream.match(/^[>*=]/)) return "operator"
    if (stream.match(word)) {
      const text = stream.current()
      // what stands behind "." or ":" is a name, whatever it looks like
      const before = stream.string.charAt(stream.start - 1)
      if (before !== "." && keywords.includes(text) && stream.peek() !== ".") {
        state.declares = text === "region" || text === "event" ? text : ""
        return "keyword"
      }
      if (atoms.has(text)) return "keyName"
      if (state.declares) { state.declares = ""; return "definedName" }
      return /^\p{Lu}/u.test(text) ? "typeName" : "plainName"
    }
    stream.next()
    return "punctuation"
  },
  languageData: {commentTokens: {line: "//", block: {open: "/*", close: "*/"}}, closeBrackets: {brackets: ["{", "(", "\""]}},
  tokenTable: {
    methodName: tags.function(tags.variableName),
    keyName: tags.atom,
    definedName: tags.definition(tags.variableName),
    plainName: tags.variableName,
  },
})

// Colours are the page's custom properties, so that the editor follows the theme by itself.
export const filterColours = syntaxHighlighting(HighlightStyle.define([
  {tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic"},
  {tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600"},
  {tag: tags.string, color: "var(--code-string)"},
  {tag: tags.number, color: "var(--code-number)"},
  {tag: tags.typeName, color: "var(--code-type)"},
  {tag: tags.function(tags.variableName), color: "var(--code-method)"},
  {tag: tags.definition(tags.variableName), color: "var(--ink)", fontWeight: "600"},
  {tag: tags.operator, color: "var(--code-operator)", fontWeight: "700"},
  {tag: tags.atom, color: "var(--code-number)"},
  {tag: tags.meta, color: "var(--ink-3)"},
]))
