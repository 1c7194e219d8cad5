// The state of a class, live: an EventSource, and polling where no stream gets through. The server sends the whole
// state each time, so nothing is missed while the network is down.
import { fetchWithTimeout, shortenTimeouts } from "./fetch-with-timeout.js"
import { recordServerTime } from "./server-clock.js"

const QUIET = 9000             // ms without a message: the connection is weak. The server sends a heartbeat every 5 s
const DEAD = 12000             // ms without a message: the stream is lost
const FIRST_MESSAGE = 4000     // ms for the first message of a new stream: it may have got a dead connection
const TIMEOUT = 6000             // ms for one response
const RETRY = 1000             // ms until the next request after a time-out
const BLINK = 4000             // ms; a shorter interruption is not shown
const MAX_FAILURES = 3         // streams lost in a row, then polling
const POLL = 5000              // ms
const ENOUGH_RESPONSES = 8     // in a row, then a stream is tried again
const REOPEN_WINDOW = 900000   // ms in which a class that was closed by mistake may be reopened (lifecycle/opening.py)

export class ClassStream {
  // Calls `onState(state)` with everything that the token in `url` may see, after each change. With `state.refused`,
  // a sentence, this page may not see the class any more. A closed class is followed for as long as it may be reopened.
  constructor(url, onState) {
    this.url = url
    this.onState = onState
    this.state = {}
    this.source = null
    this.heardAt = 0       // when the last message came
    this.deadAfter = DEAD
    this.firstMessage = FIRST_MESSAGE
    this.isLost = false    // a stream was lost, and no request answered since
    this.failures = 0      // in a row
    this.responses = 0     // to polling, in a row
    this.etag = ""
    this.isClosed = false
    this.overSince = 0     // when this page first heard that the class is closed
    this.timer = 0         // the next request or stream
    this.weakTimer = 0
    document.addEventListener("visibilitychange", () => this.checkConnection())
    window.addEventListener("online", () => this.checkConnection())
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.connect())
    window.addEventListener("pagehide", () => this.disconnect())
    this.watch = setInterval(() => this.watchSilence(), 1000)
    this.connect()
  }

  close() {
    this.isClosed = true
    this.disconnect()
    clearInterval(this.watch)
    clearTimeout(this.weakTimer)
  }

  // ---- stream

  connect() {
    this.disconnect()
    if (this.isClosed) return
    const source = this.source = new EventSource(this.url)
    if (this.heardAt) this.deadAfter = Math.min(DEAD, this.firstMessage)
    this.heardAt = Date.now()
    source.addEventListener("beat", ({ data }) => {
      recordServerTime(Number(data))
      this.recordMessage()
    })
    source.addEventListener("over", () => { // the server closes it
      this.disconnect()
      this.requestState(true)
    })
    source.onmessage = ({ data }) => {
      this.recordMessage()
      this.receive(JSON.parse(data))
    }
    source.onerror = () => this.onError(source)
  }

  recordMessage() {
    this.heardAt = Date.now()
    this.deadAfter = DEAD
    this.failures = 0
    this.showGood()
  }

  onError(source) {
    this.showWeak()
    this.failures += 1
    if (this.failures >= MAX_FAILURES) {
      this.responses = 0
      this.disconnect()
      this.later(() => this.requestState(), 500)
    } else if (source.readyState === EventSource.CLOSED) {
      // A response that is no stream: the same request for JSON tells whether it is a refusal.
      this.disconnect()
      this.later(() => this.requestState(true), 500)
    }
  }

  disconnect() {
    clearTimeout(this.timer)
    if (this.source) this.source.close()
    this.source = null
  }

  // After a cut cable the browser goes on waiting: only the silence tells.
  watchSilence() {
    if (this.overSince && Date.now() - this.overSince > REOPEN_WINDOW) this.close()
    const silence = this.source ? Date.now() - this.heardAt : 0
    if (silence > QUIET) setConnection("weak")
    if (silence > this.deadAfter) this.replaceLostStream()
  }

  // A response proves that there is a connection; a new stream would hang on a dead one for long.
  replaceLostStream() {
    this.disconnect()
    this.isLost = true
    this.failures += 1
    this.responses = 0
    this.requestState(this.failures < MAX_FAILURES)
  }

  // A phone that slept has a dead stream and does not know it.
  checkConnection() {
    if (this.isClosed || document.visibilityState === "hidden") return
    if (!this.source) this.later(() => this.requestState(), 300)
    else if (Date.now() - this.heardAt > QUIET) this.later(() => this.connect(), 300)
  }

  // ---- polling

  // `once`: back to the stream after a response, unless this page is refused. Without cookies, which the token makes
  // needless: browsers keep separate connections for them, and those with cookies died with the stream.
  async requestState(once) {
    const begun = Date.now()
    let pause = this.overSince ? 4 * POLL : POLL, isAnswered = true
    const headers = { Accept: "application/json" }
    if (this.etag) headers["If-None-Match"] = this.etag
    try {
      await fetchWithTimeout(TIMEOUT, this.url, { headers, credentials: "omit" }, (response) => this.readResponse(response))
      this.firstMessage = FIRST_MESSAGE / 2 + 2 * (Date.now() - begun) // as slow as this network is
      if (this.isLost) shortenTimeouts(this.firstMessage)
      this.isLost = false
    } catch (error) {
      if (error.name === "AbortError") pause = RETRY // the next connection may work
      isAnswered = false
      this.responses = 0
      this.showWeak()
    }
    if (this.isClosed || this.source) return
    if (this.state.refused) this.later(() => this.requestState(), 6 * POLL)
    else if (!isAnswered) this.later(() => this.requestState(once), pause)
    else if (once) this.later(() => this.connect(), 1000 * (this.failures || 1))
    else this.later(() => this.responses >= ENOUGH_RESPONSES ? this.connect() : this.requestState(), pause)
  }

  readResponse(response) {
    if (response.status >= 500 || response.status === 429) throw response.status
    this.showGood()
    recordServerTime(Date.parse(response.headers.get("Date")))
    this.responses = this.state.refused ? 0 : this.responses + 1
    this.etag = response.headers.get("ETag") || this.etag
    if (response.status === 304) return null
    return response.json().then((change) => this.receive(response.ok ? change : { refused: change.error }))
  }

  later(work, milliseconds) {
    clearTimeout(this.timer)
    this.timer = setTimeout(work, milliseconds * (0.7 + 0.6 * Math.random()))
  }

  // ---- state

  receive(change) {
    delete this.state.refused
    Object.assign(this.state, change)
    this.overSince = this.state.closed ? this.overSince || Date.now() : 0
    this.onState(this.state)
  }

  showGood() {
    clearTimeout(this.weakTimer)
    this.weakTimer = 0
    setConnection("good")
  }

  showWeak() {
    if (!this.weakTimer) this.weakTimer = setTimeout(() => setConnection("weak"), BLINK)
  }
}

// <html data-connection="weak"> lets the page say it in its own words; requests that wait hear "reconnected".
function setConnection(quality) {
  const root = document.documentElement
  const isBack = quality === "good" && root.dataset.connection === "weak"
  root.dataset.connection = quality
  if (isBack) window.dispatchEvent(new Event("reconnected"))
}
