// Reads {language, slips, lengths} on standard input; writes the sentence of number-slip.js for each slip, and the groups of each length.
import { readFileSync } from "node:fs"
import { describeSlip, digitGroups } from "../../../static/js/practice/number-slip.js"

const { language, slips, lengths } = JSON.parse(readFileSync(0, "utf8"))
const say = (typed, wanted) => [true, false].map((tellsDigits) => describeSlip(typed, wanted, tellsDigits, language))
const sentences = slips.map(([typed, wanted]) => say(typed, wanted))
process.stdout.write(JSON.stringify({ sentences, groups: lengths.map(digitGroups) }))
