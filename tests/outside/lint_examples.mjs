// Lints texts as if each were a file of its own: node lint_examples.mjs < examples.json
//
// The input lists {linter, path, text}. Prints, for each, the list of its errors. In one process, since a linter takes a
// second to start.
import { text } from "node:stream/consumers"
import { ESLint } from "eslint"
import stylelint from "stylelint"

const eslint = new ESLint()
const errorsOf = {
  async eslint(example) {
    const [{ messages }] = await eslint.lintText(example.text, { filePath: example.path })
    return messages.filter(({ severity }) => severity === 2).map(({ message }) => message)
  },
  async stylelint(example) {
    const { results: [{ warnings }] } = await stylelint.lint({ code: example.text, codeFilename: example.path })
    return warnings.filter(({ severity }) => severity === "error").map((warning) => warning.text)
  },
}

const found = []
for (const example of JSON.parse(await text(process.stdin))) found.push(await errorsOf[example.linter](example))
console.log(JSON.stringify(found))
