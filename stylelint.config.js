// Checks static/css: nothing that the browsers of .browserslistrc cannot read, one declaration a line, and each
// component's classes in the file of its name.
import { basename } from "node:path"
import stylelint from "stylelint"

// components/seat.css holds .seat, .seat__name, .seat--wide and blocks of its own such as .seat-mirror. Each selector
// with a class names one of them, if only as the place where another component looks different.
const OWN_CLASSES = "lms/own-classes"
const ownClasses = stylelint.createPlugin(OWN_CLASSES, (isOn) => (root, result) => {
  const file = root.source.input.file || ""
  if (!isOn || !/[\\/]components[\\/]/.test(file)) return
  const block = basename(file, ".css")
  const isOwn = (name) => name === block || name.startsWith(`${block}-`) || name.startsWith(`${block}__`)
  root.walkRules((rule) => {
    for (const selector of rule.selectors) {
      const classes = Array.from(selector.matchAll(/\.([a-z][\w-]*)/g), ([, name]) => name)
      if (!classes.length || classes.some(isOwn)) continue
      const message = `"${selector}" has no class of ${block}.css (.${block}, .${block}__…, .${block}-…)`
      stylelint.utils.report({ ruleName: OWN_CLASSES, result, node: rule, message })
    }
  })
})

export default {
  extends: ["stylelint-config-recommended"],
  plugins: ["stylelint-no-unsupported-browser-features", ownClasses],
  ignoreFiles: ["static/vendor/**"],
  rules: {
    [OWN_CLASSES]: true,
    "declaration-block-single-line-max-declarations": 1,
    // Later than the floor, and unknown to the plugin's data or told apart badly by it.
    "property-disallowed-list": [
      "aspect-ratio", "inset", "inset-block", "inset-inline", "accent-color", "scrollbar-gutter", "container",
      "container-type", "translate", "rotate", "scale", "content-visibility", "text-wrap", "margin-trim",
    ],
    "selector-pseudo-class-disallowed-list": [
      "is", "where", "has", "focus-visible", "user-valid", "user-invalid", "modal", "dir",
    ],
    "at-rule-disallowed-list": ["layer", "container", "property", "starting-style", "scope", "import"],
    // By itself it makes the text smaller: all browsers draw it at 13/16.
    "declaration-property-value-disallowed-list": { "font-family": ["/^(monospace|ui-monospace)$/"] },
    "unit-disallowed-list": ["dvh", "svh", "lvh", "dvw", "svw", "lvw", "dvi", "dvb", "cqw", "cqh", "cqi", "lh", "rlh"],
    "function-disallowed-list": ["color-mix", "oklch", "oklab", "light-dark", "lab", "lch"],
    // Cascade order is read off one file list; a rule that needs its parent's weight does not belong here.
    "no-descending-specificity": null,
    // Old phones know some things by their old names only (grid-gap, word-wrap, clip).
    "property-no-deprecated": null,
    "plugin/no-unsupported-browser-features": [
      true,
      {
        severity: "error",
        ignorePartialSupport: true,
        // A phone that does not know these shows the page all the same.
        ignore: ["text-size-adjust", "css-touch-action", "css-overscroll-behavior", "css-overflow-anchor", "css3-cursors"],
      },
    ],
  },
}
