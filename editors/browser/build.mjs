// Bundles CodeMirror for the browser: node editors/browser/build.mjs [folder]. The same lock file gives the same bytes.
import { build } from "esbuild"
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "../..")
const target = process.argv[2] || join(root, "static/vendor")

const result = await build({
  entryPoints: [join(here, "codemirror.js")],
  outfile: join(target, "codemirror.js"),
  bundle: true,
  format: "esm",
  minify: true,
  charset: "utf8",
  target: "es2020",
  legalComments: "none", // the licences are in the file beside it
  metafile: true,
  absWorkingDir: root,
})

// One text for each bundled package: the name, the version and its licence.
const folders = Object.keys(result.metafile.inputs).map((path) => /(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
const packages = [...new Set(folders.filter(Boolean))].sort()
const licences = packages.map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
  return `${name} ${version}\n\n${readFileSync(join(root, folder, "LICENSE"), "utf8").trim()}\n`
})
writeFileSync(join(target, "codemirror-licences.txt"), licences.join("\n----\n\n"))
