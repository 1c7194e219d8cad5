// Judges static/css by .browserslistrc: nothing that Chrome 80 or Safari 13.1 cannot read.
export default {
  extends: ["stylelint-config-recommended"],
  plugins: ["stylelint-no-unsupported-browser-features"],
  ignoreFiles: ["static/vendor/**"],
  rules: {
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
        ignore: ["text-size-adjust", "css-touch-action", "css-overscroll-behavior", "css-overflow-anchor"],
      },
    ],
  },
}
