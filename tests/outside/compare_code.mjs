// Whether a script or stylesheet still is the same code: node compare_code.mjs < files.json
//
// The input lists {path, written, sent}. Prints the paths of those whose tokens or rules, or their lines, differ. The
// parsers are those of the linters.
import { text } from "node:stream/consumers"
import * as espree from "espree"
import postcss from "postcss"

function tokensOf(script) {
  const tokens = espree.tokenize(script, { ecmaVersion: 2022, sourceType: "module", loc: true })
  return tokens.map(({ type, value, loc }) => [type, value, loc.start.line, loc.end.line])
}

function rulesOf(stylesheet) {
  const rules = []
  postcss.parse(stylesheet).walk((node) => {
    if (node.type === "comment") return
    const words = node.selector || `${node.prop || node.name} ${node.value || node.params} ${node.important}`
    rules.push([node.type, words.replace(/\s+/g, " "), node.source.start.line])
  })
  return rules
}

const isSame = ({ path, written, sent }) => {
  const read = path.endsWith(".js") ? tokensOf : rulesOf
  return JSON.stringify(read(written)) === JSON.stringify(read(sent))
}

const files = JSON.parse(await text(process.stdin))
console.log(JSON.stringify(files.filter((file) => !isSame(file)).map(({ path }) => path)))
