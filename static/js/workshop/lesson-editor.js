// <lesson-editor data-stem data-language>: makes an editor of the page's text field. Without this script, or in a browser
// that knows no constructed stylesheets, the field and its buttons do the work.
import {
  EditorState, EditorView, autocompletion, completionKeymap, defaultKeymap, drawSelection, foldKeymap, highlightActiveLine,
  history, historyKeymap, keymap, lineNumbers, lintGutter, search, searchKeymap, snippet,
} from "../../vendor/codemirror.js"
import { fetchWithTimeout } from "../lib/fetch-with-timeout.js"
import { inFrontMatter, lessonCompletions } from "./completions.js"
import { AuthoringAdvice } from "./authoring-advice.js"
import { DraftPreview } from "./draft-preview.js"
import { GuidePanel } from "./guide-panel.js"
import { UnsavedDraft } from "./unsaved-draft.js"
import { cursorLine, lessonLanguage } from "./lesson-syntax.js"
import { filled } from "./page-texts.js"
import { PictureUpload, picturesOf } from "./picture-upload.js"
import { Problems } from "./problems.js"

const CHECK_PAUSE = 150 // ms after the last key
const DRAW_PAUSE = 400
const TIMEOUT = 20000
const TOO_LARGE = 413
const canStyle = () => "adoptedStyleSheets" in document && "replaceSync" in CSSStyleSheet.prototype

class LessonEditor extends HTMLElement {
  async connectedCallback() {
    if (!canStyle()) return
    this.form = this.querySelector("form")
    this.field = this.form.elements.text
    this.texts = JSON.parse(this.dataset.texts)
    const language = await fetchWithTimeout(TIMEOUT, this.dataset.language, {}, (response) => response.json())
    this.problems = new Problems(this.querySelector(".editor__problems"), this.querySelector("[data-found]"), this.texts, (problem) => this.fix(problem))
    this.saved = this.field.value
    this.kept = new UnsavedDraft(this.form.getAttribute("action"))
    this.edit(language)
    this.offerUnsaved()
    const guide = new GuidePanel(
      this.querySelector("[data-guide]"), JSON.parse(this.dataset.sections),
      (number) => this.view.state.doc.line(number).text, (line) => this.problems.ruleAt(line), this.texts.guideOffline,
    )
    this.preview = new DraftPreview(
      this.querySelector(".editor__preview"), (fields) => this.post(fields), guide, this.texts.guideFollows,
    )
    this.preview.line = cursorLine(this.view.state)
    this.classList.add("editor__parts--beside")
    this.offerPieces(language)
    const advice = this.querySelector("[data-advice]")
    this.advice = advice && new AuthoringAdvice(advice, () => this.askAdvice(), (line) => this.goToLine(line), this.texts)
    this.upload = new PictureUpload(this.querySelector("[data-picture]"), this.texts, (text) => this.insertLine(text))
    this.form.addEventListener("submit", (event) => this.onSubmit(event))
    this.check()
    this.preview.draw()
    const line = /^#dong-(\d+)$/.exec(location.hash) // from a list of errors on another page
    if (line) this.goToLine(Math.max(Number(line[1]), 1))
  }

  // In a shadow tree the editor's own stylesheet is a constructed one, which the page's security policy allows.
  edit(language) {
    const host = document.createElement("div")
    host.className = "box editor__code"
    const root = host.attachShadow({ mode: "open" })
    this.field.after(host)
    this.field.hidden = true
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: this.field.value,
        extensions: [
          lineNumbers(), history(), drawSelection(), highlightActiveLine(), lintGutter(), search({ top: true }),
          lessonLanguage(language),
          autocompletion({ override: [lessonCompletions(language, this.dataset.stem)], icons: false }),
          keymap.of([{ key: "Mod-s", run: () => Boolean(this.save()) }, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap]),
          EditorView.lineWrapping,
          EditorState.phrases.of(this.texts.phrases),
          EditorView.contentAttributes.of({ "aria-label": this.field.labels[0].textContent, spellcheck: "false", tabindex: "0" }),
          EditorView.updateListener.of((update) => this.onUpdate(update)),
          // What waited for the input method to finish.
          EditorView.domEventHandlers({
            beforeinput: (event) => this.typeOver(event),
            compositionend: () => this.later("check", CHECK_PAUSE, () => this.check()),
            paste: (event) => this.takePicture(event, event.clipboardData),
            drop: (event) => this.takePicture(event, event.dataTransfer),
          }),
        ],
      }),
    })
  }

  // A letter typed over coloured words: the browser would keep their colours in an inline style, which the policy refuses.
  typeOver(event) {
    const isTyped = event.inputType === "insertText" && event.data && !event.isComposing && !this.view.composing
    if (!isTyped || this.view.state.selection.main.empty) return false
    event.preventDefault()
    this.view.dispatch(this.view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true })
    return true
  }

  get text() {
    return this.view.state.doc.toString()
  }

  onUpdate(update) {
    if (update.docChanged) {
      this.field.value = this.text
      this.querySelector("[data-result]").classList.remove("editor__do--new")
      this.showUnsaved()
      if (this.advice) this.advice.follow(this.text)
      this.kept.store(this.form.elements.parent.value, this.text)
      this.later("check", CHECK_PAUSE, () => this.check())
      this.later("draw", DRAW_PAUSE, () => this.draw())
    } else if (update.selectionSet && this.preview && !this.view.composing) {
      this.preview.follow(cursorLine(this.view.state))
    }
  }

  later(name, pause, act) {
    this.timers = this.timers || {}
    clearTimeout(this.timers[name])
    this.timers[name] = setTimeout(act, pause)
  }

  onSubmit(event) {
    const action = event.submitter && event.submitter.value
    if (action === "luu") this.save()
    else if (action === "kiem-tra") this.check()
    else if (action === "xem-thu") this.preview.draw()
    else if (action === "sua") this.fixAll()
    else if (action === "goi-y") this.advice.show()
    else return
    event.preventDefault()
  }

  // ---- what the server is asked

  // Nothing is shown while an input method composes a letter: it would lose what it holds.
  async check() {
    if (this.view.composing) return
    const text = this.text
    const found = await this.post({ do: "kiem-tra" })
    if (!found || text !== this.text) return
    if (!this.view.composing) this.problems.show(this.view, found)
  }

  async askAdvice() {
    const text = this.text
    const found = await this.post({ do: "goi-y" })
    return found && { ...found, text }
  }

  draw() {
    if (this.view.composing) return this.later("draw", DRAW_PAUSE, () => this.draw())
    this.preview.line = cursorLine(this.view.state)
    return this.preview.draw()
  }

  async fix(problem) {
    const text = this.text
    const found = await this.post({ do: "sua", rule: problem.rule, line: problem.line })
    if (!found || text !== this.text) return
    if (found.sentence) this.problems.showMessage(found.sentence)
    else this.replaceText(found.text)
  }

  async fixAll() {
    const text = this.text
    const found = await this.post({ do: "sua" })
    if (!found || text !== this.text) return
    if (found.text !== text) this.replaceText(found.text)
    this.showResult(found.sentence)
  }

  // One at a time: two that begin from one revision would be merged, as if by two authors.
  save() {
    const next = () => this.saveNow()
    this.saving = this.saving ? this.saving.then(next, next) : next()
    return this.saving
  }

  // What another author saved meanwhile comes back merged, to be read and saved again.
  async saveNow() {
    const { parent, merged, why } = this.form.elements
    if (this.kept.unconfirmedSave && !(await this.saveAgain())) return
    const text = this.text
    const found = await this.sendSave({ text, parent: parent.value, merged: merged.value, why: why.value })
    if (!found) return
    if (!found.number) return this.showResult(found.sentence)
    if (found.text !== undefined && text !== this.text) return this.saveNow() // merged without what was typed meanwhile
    parent.value = found.number
    merged.value = found.merged || ""
    this.offerComparison(found)
    if (found.text !== undefined) this.replaceText(found.text)
    this.showResult(found.sentence)
    if (found.text !== undefined) return
    this.querySelector("[data-send]").hidden = false
    this.saved = text
    why.value = ""
    this.querySelector("[data-said]").dataset.said = "luu"
    this.showUnsaved()
    if (text === this.text) this.kept.drop()
    else this.kept.store(parent.value, this.text)
  }

  // What was typed since goes on from a save that may be stored, and does not meet it as if it were another author's.
  async saveAgain() {
    const found = await this.sendSave(this.kept.unconfirmedSave)
    if (found && found.number) {
      this.form.elements.parent.value = found.merged || found.number
      this.form.elements.merged.value = ""
    }
    return found
  }

  async sendSave(fields) {
    this.kept.unconfirmedSave = fields
    try {
      const found = await this.send({ do: "luu", ...fields })
      this.kept.unconfirmedSave = null
      return found
    } catch (error) {
      if (error.status === TOO_LARGE) this.kept.unconfirmedSave = null // refused each time; what stands here may be shorter
      return this.showFailure(error)
    }
  }

  offerComparison({ number, merged }) {
    const offer = this.querySelector("[data-compare]")
    offer.hidden = !merged
    offer.querySelector("a").href = `${offer.dataset.compare}?cu=${number}&moi=${merged}`
  }

  // What came of a button stays with the buttons at the lower edge of the window until somebody types again.
  showResult(sentence) {
    this.showMessage(sentence)
    this.querySelector("[data-result]").classList.add("editor__do--new")
    this.querySelector("[data-said]").scrollIntoView({ block: "nearest" }) // in a window too low to hold them
  }

  showMessage(sentence) {
    const said = this.querySelector("[data-said]")
    said.dataset.said = ""
    said.textContent = sentence
  }

  // That it is saved, and the way to whoever looks at it, hold until the text is another one.
  showUnsaved() {
    if (this.querySelector("[data-said]").dataset.said !== "luu" || this.text === this.saved) return
    this.showMessage(this.texts.unsaved)
    this.querySelector("[data-send]").hidden = true
  }

  // What was typed here and not saved, if the browser died or the page was left.
  offerUnsaved() {
    const kept = this.kept.read()
    const offer = this.querySelector("[data-kept]")
    if (!kept || kept.text === this.text) return
    const when = new Date(kept.keptAt).toLocaleString(this.texts.locale, { hour: "2-digit", minute: "2-digit", day: "numeric", month: "numeric" })
    offer.querySelector("[data-kept-when]").textContent = filled(this.texts.keptAt, { time: when })
    offer.hidden = false
    offer.querySelector("[data-take]").addEventListener("click", () => {
      offer.hidden = true
      this.form.elements.parent.value = kept.number
      this.kept.unconfirmedSave = kept.unconfirmedSave
      this.replaceText(kept.text)
      this.view.focus()
    })
    offer.querySelector("[data-drop]").addEventListener("click", () => {
      offer.hidden = true
      if (this.text === this.saved) this.kept.drop()
      this.view.focus()
    })
  }

  async post(fields) {
    try {
      return await this.send(fields)
    } catch (error) {
      return this.showFailure(error)
    }
  }

  send(fields) {
    const body = new FormData()
    body.append("csrf_token", this.form.elements.csrf_token.value)
    body.append("text", this.text)
    Object.keys(fields).forEach((name) => body.set(name, fields[name]))
    const request = { method: "POST", headers: { Accept: "application/json" }, body }
    return fetchWithTimeout(TIMEOUT, this.form.getAttribute("action"), request, (response) => this.read(response))
  }

  async read(response) {
    const isJson = response.headers.get("Content-Type").startsWith("application/json")
    const found = isJson ? await response.json() : {}
    if (isJson && response.ok) return found
    const why = found.error || this.texts.refused
    throw Object.assign(new Error(`${why} ${this.texts.stillHere}`), { status: response.status })
  }

  // Returns null, in place of an answer. A server's refusal has a sentence; of a lost connection the page has one.
  showFailure(error) {
    this.problems.showMessage(error.status ? error.message : this.texts.offline)
    return null
  }

  // ---- what changes the text

  // Only the lines that differ are replaced, so that the cursor and the folds stay.
  replaceText(text) {
    const before = this.text
    let start = 0
    while (start < before.length && start < text.length && before[start] === text[start]) start += 1
    let end = 0
    const most = Math.min(before.length, text.length) - start
    while (end < most && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1
    this.view.dispatch({ changes: { from: start, to: before.length - end, insert: text.slice(start, text.length - end) } })
  }

  goToLine(number) {
    const line = this.view.state.doc.line(Math.min(number, this.view.state.doc.lines))
    this.view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "start" }) })
    this.view.focus()
  }

  offerPieces(language) {
    this.querySelectorAll("[data-piece]").forEach((shown) => {
      const piece = language.pieces.find((each) => each.prefix === shown.dataset.piece)
      const insert = document.createElement("button")
      insert.type = "button"
      insert.className = "editor__insert"
      insert.textContent = this.texts.insert
      insert.addEventListener("click", () => this.insert(piece))
      shown.before(insert)
    })
  }

  // A picture that was pasted or dropped waits in its form for a description. Everything else the editor takes itself.
  takePicture(event, data) {
    const pictures = data ? picturesOf(data) : null
    if (!pictures || !this.upload) return false
    event.preventDefault()
    this.upload.offer(pictures)
    return true
  }

  // Below the line of the cursor, with a line of air above it unless it continues a list. The front matter takes none: who
  // has put the cursor nowhere yet finds it at the end.
  insertLine(text) {
    const { state } = this.view
    const head = state.doc.lineAt(state.selection.main.head)
    const isAtHead = inFrontMatter(state, Math.max(head.number, 2))
    const line = isAtHead ? state.doc.line(state.doc.lines) : head
    const words = text.trimEnd()
    const above = isAtHead ? "\n" : ""
    const air = line.text.trim() ? (/^\s*- /.test(line.text) && words.startsWith("- ") ? "\n" : "\n\n") : above
    const end = line.number < state.doc.lines && state.doc.line(line.number + 1).text.trim() && !words.startsWith("- ") ? "\n" : ""
    const insert = `${air}${words}${end}`
    this.view.dispatch({
      changes: { from: line.to, insert }, selection: { anchor: line.to + air.length + words.length }, scrollIntoView: true,
    })
    this.view.focus()
  }

  // Behind the screen or section of the cursor, with a line of air around it.
  insert(piece) {
    const { state } = this.view
    const isWhole = piece.body.startsWith("## ")
    let line = state.doc.lineAt(state.selection.main.head)
    while (isWhole && line.number < state.doc.lines && !state.doc.line(line.number + 1).text.startsWith("## ")) {
      line = state.doc.line(line.number + 1)
    }
    const air = line.text.trim() ? "\n\n" : "\n"
    const end = line.number < state.doc.lines ? "\n" : ""
    snippet(`${air}${piece.body.replace(/\n?\$0$/, "")}${end}`)(this.view, null, line.to, line.to)
    this.view.focus()
  }
}

customElements.define("lesson-editor", LessonEditor)
