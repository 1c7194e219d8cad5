// Reads {facts, states} on standard input and says how look.js sees each state.
import { readFileSync } from "node:fs"
import { look } from "../../../static/js/practice/look.js"

const { facts, states } = JSON.parse(readFileSync(0, "utf8"))
process.stdout.write(JSON.stringify(states.map((state) => look(facts, state))))
