// Reads {language, typos, lengths} on standard input; writes the sentence of number-typo.js for each typo, and the groups of each length.
import { readFileSync } from "node:fs"
import { describeTypo, digitGroups } from "../../../static/js/practice/number-typo.js"

const { language, typos, lengths } = JSON.parse(readFileSync(0, "utf8"))
const say = (typed, wanted) => [true, false].map((tellsDigits) => describeTypo(typed, wanted, tellsDigits, language))
const sentences = typos.map(([typed, wanted]) => say(typed, wanted))
process.stdout.write(JSON.stringify({ sentences, groups: lengths.map(digitGroups) }))
