// Reads {facts, states} on standard input and writes what `viewOf` of attempt.js gives for each state.
import { readFileSync } from "node:fs"
import { viewOf } from "../../../static/js/practice/attempt.js"

const { facts, states } = JSON.parse(readFileSync(0, "utf8"))
process.stdout.write(JSON.stringify(states.map((state) => viewOf(facts, state))))
