// Bundles src/editor.mjs into one checked-in file, with the licences of what is in it beside it.
import {build} from "esbuild"
import {readdirSync, readFileSync, writeFileSync} from "node:fs"

const out = "../src/main/resources/static/assets/js/"
const result = await build({
  entryPoints: ["src/editor.mjs"],
  outfile: out + "editor.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  banner: {js: "/* CodeMirror 6 and its parts (MIT), bundled by frontend/editor; licences in editor.LICENSE.txt */"},
})

const packages = [...new Set(Object.keys(result.metafile.inputs)
  .map(file => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean))].sort()
const licences = packages.map(name => {
  const folder = "node_modules/" + name + "/"
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
  const about = JSON.parse(readFileSync(folder + "package.json", "utf8"))
  return `${name} ${about.version} (${about.license})\n\n${readFileSync(folder + file, "utf8").trim()}\n`
})
writeFileSync(out + "editor.LICENSE.txt", "editor.js contains:\n\n" + licences.join("\n" + "-".repeat(80) + "\n\n"))
console.log(packages.length + " packages bundled")
