// What the workshop's editor (static/js/workshop/) uses of CodeMirror 6; build.mjs bundles it into static/vendor/codemirror.js.
export { EditorState, RangeSetBuilder } from "@codemirror/state"
export {
  Decoration, EditorView, ViewPlugin, drawSelection, highlightActiveLine, keymap, lineNumbers,
} from "@codemirror/view"
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
export { codeFolding, foldGutter, foldKeymap, foldService } from "@codemirror/language"
export { autocompletion, completionKeymap, snippet } from "@codemirror/autocomplete"
export { lintGutter, setDiagnostics } from "@codemirror/lint"
export { search, searchKeymap } from "@codemirror/search"
