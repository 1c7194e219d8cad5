// Runs logs through engine.js and outcome.js of static/js/practice: a JSON file of models first, then JSON Lines on standard
// input. For each log: a fingerprint of every state on the way, the last state (in brief: its fingerprint), and the report.
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { pathToFileURL } from "node:url"

const [engineFile, modelsFile] = process.argv.slice(2)
const engine = pathToFileURL(engineFile)
const { ImpossibleEvent, encodeValue, step } = await import(engine)
const { initialState, scoreReport } = await import(new URL("outcome.js", engine))
const models = JSON.parse(readFileSync(modelsFile, "utf-8"))

const ascii = (value) =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"))

// A page's model in kiểm tra knows no verdict; see engines.py.
const isShown = (practice) => practice.endsWith(" (as its page in kiểm tra has it)")

function replay({ practice, data, mode, events, whole, brief }) {
  const model = models[practice]
  const seen = createHash("sha256")
  let state = initialState(model)
  for (const event of events) {
    let next
    try {
      next = step(model, data, state, event, mode)
    } catch (error) {
      if (!(error instanceof ImpossibleEvent)) throw error
      break
    }
    state = next
    seen.update(ascii(whole ? state : [state.q, state.screen, state.ended, state.fatal, state.said]))
  }
  const verdict = isShown(practice) ? null : scoreReport(model, state, mode)
  const last = () => createHash("sha256").update(ascii(state)).digest("hex")
  return { seen: seen.digest("hex"), ...(brief ? { last: last() } : { state }), report: verdict }
}

const answers = []
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  const answer = asked.typed === undefined
    ? replay(asked)
    : encodeValue(models[asked.practice], asked.data, asked.screen, asked.widget, asked.typed)
  answers.push(ascii(answer))
}
process.stdout.write(answers.join("\n") + "\n")
