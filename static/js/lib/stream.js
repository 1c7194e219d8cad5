// What a class is doing now, for as long as its page is open. The server sends the whole state each time, so whoever
// was away misses nothing. A line that is down is told as a weak line and never as the end of the class.
const QUIET = 9000         // ms without a sign of life, then the line is weak: the server gives one every 5 s
const DEAD = 15000         // the same, then the stream is held for lost
const PATIENCE = 6000      // for one answer; a browser has up to five idle lines that died with the first one
const BLINK = 4000         // a break that is over before that is nobody's business
const FAILURES = 3         // in a row, then the phone asks instead
const ASKS = 5000          // between two questions
const ASKED_ENOUGH = 8     // answers in a row, then the line may carry a stream again

// Calls `onState(state)` with everything the ticket in `url` may see, whenever some of it has changed. `state.refused`
// is a sentence: this page sees the class no more. Gives {close()}.
export function openStream(url, onState) {
  const known = {}
  let source = null, timer = 0, blink = 0, heardAt = 0, failures = 0, asked = 0, etag = "", over = false

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
      failures = 0
      good()
    }
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
  const lose = () => {
    hangUp()
    failures += 1
    asked = 0
    later(failures >= FAILURES ? ask : listen, 1500)
  }
  const hangUp = () => {
    clearTimeout(timer)
    if (source) source.close()
    source = null
  }

  // `once`: and then back to the stream, unless this page is refused.
  const ask = (once) => {
    const stop = new AbortController()
    let pause = ASKS
    const clock = setTimeout(() => {
      pause = 1000  // nobody refused: the next line may be a living one
      stop.abort()
    }, PATIENCE)
    const headers = { Accept: "application/json" }
    if (etag) headers["If-None-Match"] = etag
    fetch(url, { headers, signal: stop.signal })
      .then(read)
      .catch(() => {
        asked = 0
        weak()
      })
      .then(() => {
        clearTimeout(clock)
        if (over || source) return
        if (known.refused) later(ask, 6 * ASKS)
        else if (once === true) later(listen, 2000 * (failures || 1))
        else later(asked >= ASKED_ENOUGH ? listen : ask, pause)
      })
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
    if (silence > DEAD) lose()
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

// <html data-line="weak"> lets a page say it in its own words.
function tell(line) {
  document.documentElement.setAttribute("data-line", line)
}
