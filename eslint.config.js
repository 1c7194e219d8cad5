// Judges static/js by .browserslistrc: no syntax and no interface that Chrome 80 or Safari 13.1 cannot run.
import js from "@eslint/js"
import compat from "eslint-plugin-compat"
import esx from "eslint-plugin-es-x"
import globals from "globals"

// ECMAScript 2020 is the floor's year, but for these, which Safari 13.1 does not know.
const laterInSafari = {
  "es-x/no-bigint": "error",
  "es-x/no-export-ns-from": "error",
}

// Known to eslint by name alone: methods of elements younger than the floor, and what a page served over
// plain http in a hall does not get (no secure context there).
const youngMethods = ["replaceChildren", "requestSubmit", "checkVisibility", "showPopover", "showModal", "setHTML"]
const secureOnly = ["subtle", "randomUUID", "serviceWorker", "clipboard", "wakeLock", "storageBuckets"]
const workerNames = ["storedPages", "outbox", "courseDownload"]
const named = (names) => `MemberExpression[property.name=/^(${names.join("|")})$/]`

// By name alone every list's forEach, map or filter looks like an iterator's.
const likeLists = Object.fromEntries(
  Object.keys(esx.rules).filter((rule) => rule.startsWith("no-iterator-prototype-")).map((rule) => [`es-x/${rule}`, "off"]),
)

export default [
  { ignores: ["static/vendor/**", "node_modules/**", "build/**", "data/**", ".venv/**"] },
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    ...esx.configs["flat/restrict-to-es2020"],
  },
  {
    files: ["static/js/**/*.js"],
    plugins: { ...compat.configs["flat/recommended"].plugins },
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: { ...globals.browser } },
    // Methods are told by name alone: a false alarm on `.at()` is cheaper than a dead page on an old phone.
    settings: { "es-x": { aggressive: true } },
    rules: {
      ...laterInSafari,
      ...likeLists,
      "compat/compat": "error",
      "eqeqeq": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-unused-vars": ["error", { caughtErrors: "none" }],
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-syntax": [
        "error",
        { selector: named(youngMethods), message: "Younger than Chrome 80 or Safari 13.1." },
        {
          selector: "CallExpression[callee.property.name='sendBeacon'] NewExpression[callee.name='Blob']",
          message: "Chrome 80 throws where a beacon is neither text nor a form.",
        },
        { selector: named(secureOnly), message: "Needs a secure context; a hall has plain http." },
      ],
    },
  },
  {
    // Scripts that the service worker imports one after the other: they share their names.
    files: ["static/js/service-worker/*.js"],
    languageOptions: {
      sourceType: "script",
      globals: { ...globals.serviceworker, ...Object.fromEntries(workerNames.map((name) => [name, "readonly"])) },
    },
    rules: {
      "no-redeclare": "off",
      "no-unused-vars": ["error", { caughtErrors: "none", varsIgnorePattern: `^(${workerNames.join("|")})$` }],
    },
  },
  {
    files: ["tests/**/*.{js,mjs}", "bench/**/*.{js,mjs}", "*.config.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: { ...globals.node, ...globals.browser } },
  },
]
