// What a class is doing now, for as long as its page is open. The server sends the whole state each time, so whoever
// was away misses nothing. A line that is down is told as a weak line and never as the end of the class.
import { fetchWithin, hurry } from "./patience.js"

const QUIET = 9000         // ms without a sign of life, then the line is weak: the server gives one every 5 s
const DEAD = 12000         // the same, then the stream is held for lost, and the phone asks for a living line
const FIRST_WORD = 4000    // for a stream that is begun again: it may have got a line that died with the first
const PATIENCE = 6000      // for one answer
const AT_ONCE = 1000       // until the next question, when one was not answered in time
const BLINK = 4000         // a break that is over before that is nobody's business
const FAILURES = 3         // in a row, then the phone asks instead
const ASKS = 5000          // between two questions
const ASKED_ENOUGH = 8     // answers in a row, then the line may carry a stream again

// Calls `onState(state)` with everything the ticket in `url` may see, whenever some of it has changed. `state.refused`
// is a sentence: this page sees the class no more. Gives {close()}.
export function openStream(url, onState) {
  const known = {}
  let source = null, timer = 0, blink = 0, heardAt = 0, dead = DEAD, failures = 0, asked = 0, etag = "", over = false
  let firstWord = FIRST_WORD, lost = false

  const hear = (news) => {
    delete known.refused
    Object.assign(known, news)
    if (known.closed) close()
    onState(known)
  }
  const good = () => {
    clearTimeout(blink)
    blink = 0
    tell("good")
  }
  const weak = () => {
    if (!blink) blink = setTimeout(() => tell("weak"), BLINK)
  }
  const later = (work, milliseconds) => {
    clearTimeout(timer)
    timer = setTimeout(work, milliseconds * (0.7 + 0.6 * Math.random()))
  }

  const listen = () => {
    hangUp()
    if (over) return
    const mine = source = new EventSource(url)
    const alive = () => {
      heardAt = Date.now()
      dead = DEAD
      failures = 0
      good()
    }
    if (heardAt) dead = Math.min(DEAD, firstWord)
    heardAt = Date.now()
    mine.addEventListener("beat", alive)
    mine.addEventListener("over", () => {
      hangUp()
      ask(true)
    })
    mine.onmessage = ({ data }) => {
      alive()
      hear(JSON.parse(data))
    }
    mine.onerror = () => {
      weak()
      failures += 1
      if (failures >= FAILURES) {
        asked = 0
        hangUp()
        later(ask, 500)
      } else if (mine.readyState === EventSource.CLOSED) {
        // An answer that is no stream. Only the same question as JSON tells whether it is a refusal.
        hangUp()
        later(() => ask(true), 500)
      }
    }
  }
  // Only an answer shows that there is a line again; a stream that was begun before that would be on none for long.
  const lose = () => {
    hangUp()
    lost = true
    failures += 1
    asked = 0
    ask(failures < FAILURES)
  }
  const hangUp = () => {
    clearTimeout(timer)
    if (source) source.close()
    source = null
  }

  // `once`: when it was answered, back to the stream, unless this page is refused. Without cookies, which the ticket
  // does not need: browsers keep lines with and without them apart, and those beside the stream died with it.
  const ask = async (once) => {
    const begun = Date.now()
    let pause = ASKS, answered = true
    const headers = { Accept: "application/json" }
    if (etag) headers["If-None-Match"] = etag
    try {
      await fetchWithin(PATIENCE, url, { headers, credentials: "omit" }, read)
      firstWord = FIRST_WORD / 2 + 2 * (Date.now() - begun)  // as slow as this line is
      if (lost) hurry(firstWord)
      lost = false
    } catch (error) {
      if (error.name === "AbortError") pause = AT_ONCE  // nobody refused: the next line may be a living one
      answered = false
      asked = 0
      weak()
    }
    if (over || source) return
    if (known.refused) later(ask, 6 * ASKS)
    else if (!answered) later(() => ask(once), pause)
    else if (once) later(listen, 1000 * (failures || 1))
    else later(asked >= ASKED_ENOUGH ? listen : ask, pause)
  }
  const read = (response) => {
    if (response.status >= 500 || response.status === 429) throw response.status
    good()
    asked = known.refused ? 0 : asked + 1
    etag = response.headers.get("ETag") || etag
    if (response.status === 304) return null
    return response.json().then((news) => hear(response.ok ? news : { refused: news.error }))
  }

  // A phone that slept has a stream that died in its sleep, and does not know.
  const look = () => {
    if (over || document.visibilityState === "hidden") return
    if (source && Date.now() - heardAt > QUIET) later(listen, 300)
    if (!source) later(ask, 300)
  }
  // A cut cable, a router that forgot: the browser goes on waiting, and only the silence tells.
  const watch = setInterval(() => {
    const silence = source ? Date.now() - heardAt : 0
    if (silence > QUIET) tell("weak")
    if (silence > dead) lose()
  }, 1000)
  const close = () => {
    over = true
    hangUp()
    clearInterval(watch)
    clearTimeout(blink)
  }

  document.addEventListener("visibilitychange", look)
  window.addEventListener("online", look)
  window.addEventListener("pageshow", ({ persisted }) => persisted && !over && listen())
  window.addEventListener("pagehide", hangUp)
  listen()
  return { close }
}

// <html data-line="weak"> lets a page say it in its own words; what waits for the line hears "lineback" (post.js).
function tell(line) {
  const root = document.documentElement
  const isBack = line === "good" && root.dataset.line === "weak"
  root.setAttribute("data-line", line)
  if (isBack) window.dispatchEvent(new Event("lineback"))
}
