// Stands between today's Playwright and a Chromium of 2020, on the pipe (3 in, 4 out) that Playwright gives a browser:
//   node tests/engines/interpreter.mjs <browser> <arguments…>
// Pages get nothing from it: what the old browser does not know, it goes on not knowing.
import { spawn } from "node:child_process"
import { createReadStream, createWriteStream } from "node:fs"

const UNKNOWN_COMMAND = -32601
const OURS = -1000 // and below: numbers of commands that Playwright never gave; -9999 is its own
const BYE = -9999
const UTILITY = "__playwright_utility"
// Said by the old browser about what new ones understand; no fault of a page.
const KNOWN_WARNING = 'The key "interactive-widget" is not recognized and ignored.'

// What Playwright's own script wants of the language, in the world that it has to itself.
const YOUNG = `(() => {
  const add = (on, name, value) => name in on || Object.defineProperty(on, name, { value, configurable: true, writable: true })
  add(String.prototype, "replaceAll", function (old, fresh) {
    return old instanceof RegExp ? this.replace(old, fresh) : this.split(old).join(fresh)
  })
  for (const kind of [Array, String]) add(kind.prototype, "at", function (n) { return this[n < 0 ? this.length + n : n] })
  add(Array.prototype, "findLast", function (fits) { return [...this].reverse().find(fits) })
  add(Object, "hasOwn", (on, name) => Object.prototype.hasOwnProperty.call(on, name))
  add(Element.prototype, "checkVisibility", function () { return this.getClientRects().length > 0 })
  add(globalThis, "WeakRef", class { constructor(kept) { this.kept = kept } deref() { return this.kept } })
  add(globalThis, "FinalizationRegistry", class { register() {} unregister() {} })
})();
`

const [browser, ...given] = process.argv.slice(2)
const flags = ["--headless", ...given.filter((flag) => !flag.startsWith("--headless"))]
const child = spawn(browser, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] })
const [, , , toBrowser, fromBrowser] = child.stdio
const fromPlaywright = createReadStream(null, { fd: 3 })
const toPlaywright = createWriteStream(null, { fd: 4 })

let next = OURS
const attached = new Set() // targets that we asked for
const announced = new Set() // targets that Playwright was told of
const held = new Map() // target: the answer that must not come before it was
const creating = new Set() // numbers of Target.createTarget
const worlds = new Set() // session and context of Playwright's own script

const write = (stream, message) => stream.write(JSON.stringify(message) + "\0")
const ask = (method, params) => write(toBrowser, { id: next--, method, params })

read(fromPlaywright, (message) => {
  const { id, method, params = {}, sessionId } = message
  if (method === "Target.setAutoAttach" && !sessionId) ask("Target.setDiscoverTargets", { discover: true })
  if (method === "Target.createTarget") creating.add(id)
  if (method === "Runtime.evaluate" && worlds.has(sessionId + params.contextId)) params.expression = YOUNG + params.expression
  if (method === "DOM.scrollIntoViewIfNeeded") {
    message.method = "Runtime.callFunctionOn"
    message.params = { objectId: params.objectId, functionDeclaration: "function () { this.scrollIntoViewIfNeeded() }" }
  }
  write(toBrowser, message)
})

read(fromBrowser, (message) => {
  if (message.id <= OURS && message.id !== BYE) return
  if (message.method) return hear(message)
  if (message.error && message.error.code === UNKNOWN_COMMAND) {
    delete message.error
    message.result = {}
  }
  const target = creating.delete(message.id) && message.result && message.result.targetId
  if (target && !announced.has(target)) {
    held.set(target, message)
    return attach(target)
  }
  write(toPlaywright, message)
})

function hear(message) {
  const { method, params, sessionId } = message
  // A Chromium before 82 does not attach to new pages by itself.
  if (!sessionId && /^Target\.target/.test(method)) {
    if (method === "Target.targetCreated" && params.targetInfo.type === "page") attach(params.targetInfo.targetId)
    return
  }
  if (method === "Log.entryAdded" && params.entry.text === KNOWN_WARNING) return
  if (method === "Runtime.executionContextCreated" && params.context.name.startsWith(UTILITY)) {
    worlds.add(sessionId + params.context.id)
  }
  if (method === "Network.requestWillBeSent" && params.request.postData) {
    params.request.postDataEntries = [{ bytes: Buffer.from(params.request.postData).toString("base64") }]
  }
  write(toPlaywright, message)
  if (method === "Target.attachedToTarget" && !sessionId) {
    const { targetId } = params.targetInfo
    announced.add(targetId)
    if (held.has(targetId)) write(toPlaywright, held.get(targetId))
    held.delete(targetId)
  }
}

function attach(targetId) {
  if (attached.has(targetId)) return
  attached.add(targetId)
  ask("Target.attachToTarget", { targetId, flatten: true })
}

// Messages end with a zero.
function read(stream, whenWhole) {
  let parts = []
  stream.on("data", (piece) => {
    for (let end = piece.indexOf(0); end >= 0; end = piece.indexOf(0)) {
      whenWhole(JSON.parse(Buffer.concat([...parts, piece.subarray(0, end)]).toString()))
      parts = []
      piece = piece.subarray(end + 1)
    }
    parts.push(piece)
  })
}

child.on("exit", (code) => process.exit(code || 0))
for (const over of ["end", "error"]) fromPlaywright.on(over, () => child.kill())
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => child.kill(signal))
