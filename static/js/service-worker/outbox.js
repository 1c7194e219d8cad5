// What was done without a network and waits here until there is one: answers, the start of a practice, the choice of a
// language. The server takes the same post twice as once, so an entry is deleted after its response. Pages keep ticks and
// practice events.
const outbox = (() => {
  const OUTBOX = "outbox"
  const ANSWERS = "answers" // the answers of pages that are older than they are, with the server's results
  const UNSENT_LANGUAGE = "unsent-language"
  const TRANSIENT = [408, 425, 429]
  const TIMEOUT = 20000 // ms for one post
  const LANGUAGE_TIMEOUT = 4000 // ms: what waits behind it is an answer
  const isAnswer = (url) => /\/hieu\/[^/]+$/.test(url)
  const answerKey = (learner, url) => `/${learner}${url}`
  let sending = null

  async function entries() {
    if (!await caches.has(OUTBOX)) return []
    const cache = await caches.open(OUTBOX)
    const keys = await cache.keys()
    return Promise.all(keys.map(async (key) => ({ key, entry: await (await cache.match(key)).json() })))
  }

  // Keep a post; false if this phone has no room for it. Of two answers to one question the later one counts.
  async function add(entry) {
    const learner = await storedPages.learner()
    if (!learner) return false
    const kept = Object.assign({ learner }, entry)
    const number = `${Date.now()}-${Math.random()}`
    try {
      const cache = await caches.open(OUTBOX)
      const key = isAnswer(entry.url) ? `/${learner}${entry.url}` : `/${learner}${entry.url}?n=${number}`
      await cache.delete(key)
      await cache.put(key, new Response(JSON.stringify(kept)))
      if (isAnswer(entry.url)) await keepAnswer(learner, entry.url, { body: entry.body, result: null })
    } catch (full) {
      return false
    }
    // Chrome sends what waits after the page was closed, too.
    if (self.registration.sync) await self.registration.sync.register("send").catch(() => {})
    return true
  }

  // Send everything in order, one at a time: the first answer of a phone sets the cookie that the next one carries.
  // False if something had to stay.
  function send() {
    if (!sending) {
      sending = sendAll().finally(() => { sending = null })
    }
    return sending
  }

  async function sendAll() {
    const learner = await storedPages.learner()
    for (const { key, entry } of await entries()) {
      if (entry.learner !== learner && entry.learner !== storedPages.NOBODY) continue // waits for its learner
      const response = await post(entry)
      if (!response || response.status >= 500 || TRANSIENT.includes(response.status)) return false
      await (await caches.open(OUTBOX)).delete(key)
      if (isAnswer(entry.url)) await onAnswered(entry, response)
    }
    return true
  }

  // The response; null without a network, or where none comes in time.
  async function fetchWithin(milliseconds, url, options) {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), milliseconds)
    try {
      return await fetch(url, Object.assign({ signal: abort.signal }, options))
    } catch (offline) {
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  function post({ url, type, body }) {
    const headers = { Accept: "application/json", "Content-Type": type }
    return fetchWithin(TIMEOUT, url, { method: "POST", headers, body })
  }

  // The open page shows the result.
  async function onAnswered(entry, response) {
    const result = response.ok ? await response.json() : null
    if (result) await keepAnswer(entry.learner, entry.url, { body: entry.body, result })
    else await (await caches.open(ANSWERS)).delete(answerKey(entry.learner, entry.url)) // the question is gone
    const pages = await self.clients.matchAll()
    pages.forEach((page) => page.postMessage({ answered: entry.url, result }))
  }

  // ---- answers for pages that were stored before them

  async function keepAnswer(learner, url, answer) {
    const kept = Object.assign({ at: Date.now() }, answer)
    await (await caches.open(ANSWERS)).put(answerKey(learner, url), new Response(JSON.stringify(kept)))
  }

  // The answers of a page, as [{url, body, result}]; ``result`` is null while the answer waits here.
  async function answersOf(learner, page) {
    if (!learner || !await caches.has(ANSWERS)) return []
    const cache = await caches.open(ANSWERS)
    const start = answerKey(learner, page) + "/"
    const found = []
    for (const key of await cache.keys()) {
      const { pathname } = new URL(key.url)
      if (pathname.startsWith(start)) {
        const answer = await (await cache.match(key)).json()
        found.push(Object.assign({ url: pathname.slice(learner.length + 1) }, answer))
      }
    }
    return found
  }

  // A copy of the page that was requested later shows what the server has: only what still waits is kept.
  async function dropAnswered(learner, page, requestedAt) {
    const done = (await answersOf(learner, page)).filter(({ result, at }) => result && at < requestedAt)
    const cache = done.length ? await caches.open(ANSWERS) : null
    await Promise.all(done.map(({ url }) => cache.delete(answerKey(learner, url))))
  }

  async function forget(learner) {
    for (const name of [OUTBOX, ANSWERS]) {
      if (!await caches.has(name)) continue
      const cache = await caches.open(name)
      for (const key of await cache.keys()) {
        if (new URL(key.url).pathname.startsWith(`/${learner}/`)) await cache.delete(key)
      }
    }
  }

  // ---- the language

  // The language that was chosen last: of what this phone says without a network, and until the server knows, to be sent.
  async function keepLanguage(language) {
    await storedPages.writeState("language", language)
    await storedPages.writeState(UNSENT_LANGUAGE, language)
  }

  // The answer sets the cookie: without it the next page would be in the other language again.
  async function sendChoice(request) {
    const response = await fetch(request)
    if (response.type === "opaqueredirect") await storedPages.writeState(UNSENT_LANGUAGE, null)
    return response
  }

  async function sendLanguage() {
    const language = await storedPages.readState(UNSENT_LANGUAGE)
    if (!language) return true
    const response = await fetchWithin(LANGUAGE_TIMEOUT, `/?lang=${language}`, { redirect: "manual" })
    const isSet = response && response.type === "opaqueredirect"
    // Another one may have been chosen meanwhile, and its answer overtaken by this one, which set the older cookie.
    const unsent = isSet ? await storedPages.readState(UNSENT_LANGUAGE) : language
    if (unsent !== language) {
      await storedPages.writeState(UNSENT_LANGUAGE, unsent || await storedPages.readState("language"))
      return sendLanguage()
    }
    if (isSet) await storedPages.writeState(UNSENT_LANGUAGE, null)
    return Boolean(response)
  }

  // Before another request; costs nothing when nothing waits. A try that began without a network is repeated.
  const sendFirst = async () => await sendLanguage() && (!await caches.has(OUTBOX) || await send() || send())

  // Whether the start of this attempt still waits.
  const holdsStart = async (attempt) => (await entries()).some(({ entry }) => entry.body.includes(`attempt=${attempt}`))

  // The ids of the attempts at the practice of this address that were started here and wait, the latest first.
  async function startsAt(learner, url) {
    const waiting = (await entries()).map(({ entry }) => entry).filter((entry) => entry.url === url && entry.learner === learner)
    return waiting.map(({ body }) => new URLSearchParams(body).get("attempt")).reverse()
  }

  return {
    startsAt, add, send, sendFirst, holdsStart, keepAnswer, answersOf, dropAnswered, forget, keepLanguage, sendChoice,
  }
})()
