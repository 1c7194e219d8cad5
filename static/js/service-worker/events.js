// The service worker: pages come from the network, and from this phone where there is none; files with a version come
// from this phone. Pages of classes and accounts are left to the browser. See docs/adr/0019.
const PAGE_TIMEOUT = 4000 // ms that a page may take if there is a stored copy
const POST_TIMEOUT = 8000
const LEFT_TO_BROWSER = /^\/(lop|chieu|dung-lop|giup|thu-truoc-gio|soan|quan-ly|vao|ra|healthz|readyz|metrics|sw\.js)(\/|$)/i
const CHANGES_LEARNER = /^\/toi\/(may-chung|vao|quen)$/
const FORGET_PATH = "/toi/quen"
const ANSWER = /^\/[^/]+\/[^/]+\/hieu\/[^/]+$/
const EVENTS = /^\/toi\/luot\/[0-9a-f]{32}\/su-kien$/
const ATTEMPTS = "/toi/luot/"
const RESULT = /^(\/toi\/luot\/[0-9a-f]{32})\/ket-qua$/
const PRACTICE_LINK = /href="(\/[^"/]+\/[^"/]+)\/lam[/?"]/
const START = /^\/[^/]+\/[^/]+\/lam(\/[^/]+)?$/
const PLACEHOLDER = /0{32}/g // the id of an attempt in a downloaded page
const FORM = "application/x-www-form-urlencoded"

let epoch = 0 // of learners: what was requested before a change of learner is not kept

self.addEventListener("install", (event) => event.waitUntil(install()))
self.addEventListener("activate", (event) => event.waitUntil(activate()))
self.addEventListener("fetch", onFetch)
self.addEventListener("message", (event) => event.waitUntil(onMessage(event)))
self.addEventListener("sync", (event) => event.waitUntil(outbox.send()))

// Every stored page names the version of its files, so a new worker mixes nothing when it takes over at once.
async function install() {
  for (const url of [storedPages.OFFLINE_PAGE, storedPages.AWAITED_PAGE, storedPages.PRIVACY_PAGE].flatMap(inEachLanguage)) {
    const response = await fetch(url, { cache: "no-cache", credentials: "omit" })
    if (!response.ok) throw new Error("no page for what is not here")
    await storedPages.storePage(storedPages.SHELL, url, response)
  }
  const [, chosen] = /<html lang="([^"]+)"/.exec(await (await fetch(storedPages.OFFLINE_PAGE, { cache: "no-cache" })).text()) || []
  await storedPages.writeState("language", chosen)
  await self.skipWaiting()
}

const inEachLanguage = (url) => self.LANGUAGES.map((language) => storedPages.inLanguage(url, language))

// The pages that are open were loaded without this worker.
async function activate() {
  await self.clients.claim()
  await storedPages.deleteUnusedFiles(self.BUILD)
  const pages = await self.clients.matchAll({ type: "window" })
  await Promise.all(pages.map(({ url }) => storeOpenPage(new URL(url)).catch(() => {})))
}

async function storeOpenPage(url) {
  if (isOurs(url)) await storeIfAllowed(url, await fetch(url.pathname + url.search), epoch, Date.now())
}

const isOurs = (url) => url.origin === self.location.origin && !LEFT_TO_BROWSER.test(url.pathname)

function onFetch(event) {
  const { request } = event
  const url = new URL(request.url)
  if (!isOurs(url)) return
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(showPage(event, url))
    // The way back to the answer of a form, which no cache keeps and nobody may send again.
    else if (isFromCacheOnly(request)) redirectToLearnerPage(event, url)
    // A form of another site is left to the browser: a request of this worker would look like one of ours.
    else if (request.method === "POST" && request.referrer.startsWith(`${self.location.origin}/`)) {
      event.respondWith(sendForm(event, url))
    }
  } else if (request.method === "GET") {
    if (/^\/static\/|\/mau\.css$/.test(url.pathname)) event.respondWith(storedPages.file(url.pathname + url.search))
    else if (/\/images\//.test(url.pathname)) event.respondWith(showPicture(request, url))
  } else if (request.method === "POST") {
    if (EVENTS.test(url.pathname)) event.respondWith(sendEvents(request))
    else if (/\/dung$/.test(url.pathname)) event.respondWith(outbox.sendFirst().then(() => fetch(request)))
    else if (ANSWER.test(url.pathname)) event.respondWith(sendAnswer(event, url))
  }
}

// So does Chromium ask for the answer of a form on the way back, and then for where that answer leads.
const isFromCacheOnly = (request) => request.cache === "only-if-cached"

// What a learner had done there stands on the learner's page; elsewhere the browser says that it has no copy.
function redirectToLearnerPage(event, url) {
  if (url.pathname.startsWith("/toi/")) event.respondWith(Response.redirect("/toi", 303))
}

// ---- pages

async function showPage(event, url) {
  const language = url.searchParams.get("lang")
  const isChoice = self.LANGUAGES.includes(language) // leads to the page itself
  const key = isChoice ? url.pathname : url.pathname + url.search
  const before = epoch
  const at = Date.now()
  const request = isFromCacheOnly(event.request) ? new Request(url, { redirect: "manual" }) : event.request
  if (isChoice) await outbox.keepLanguage(language)
  // The page shows what was sent.
  const network = isChoice ? outbox.sendChoice(request) : outbox.sendFirst().then(() => fetch(request))
  const storing = network.then((response) => storeIfAllowed(url, response.clone(), before, at))
  event.waitUntil(storing.catch(() => {}))
  try {
    const response = await withTimeout(PAGE_TIMEOUT, network)
    return response.status === 404 && key.startsWith(ATTEMPTS) ? await refusedAttempt(url.pathname) || response : response
  } catch (slowOrOffline) {
    const page = await storedPages.findPage(key)
    if (page) return addPendingAnswers(page, url.pathname)
    if (slowOrOffline !== SLOW) return offlinePage(url.pathname)
    return network.catch(() => offlinePage(url.pathname))
  }
}

// The practice was edited before the server heard of this attempt: its page says so, and leads to a new one.
async function refusedAttempt(pathname) {
  const [, attempt] = RESULT.exec(pathname) || []
  const page = await storedPages.findPage(attempt || pathname)
  if (!page) return null
  return attempt ? Response.redirect(attempt, 303) : addPendingAnswers(page, pathname)
}

const SLOW = "slow"

function withTimeout(milliseconds, promise) {
  const limit = new Promise((resolve, reject) => setTimeout(() => reject(SLOW), milliseconds))
  return Promise.race([promise, limit])
}

// Store a page from the network, if the server lets it be stored.
async function storeIfAllowed(url, response, before, at) {
  const learner = response.headers.get("Learner-Key")
  if (before !== epoch || url.pathname === storedPages.OFFLINE_PAGE) return
  const key = url.pathname + url.search
  if ([404, 410].includes(response.status) && !key.startsWith(ATTEMPTS)) await storedPages.dropPage(key)
  if (response.status !== 200 || response.redirected || !learner) return
  await changeLearner(learner)
  const version = storedPages.versionOf(response)
  // Storage that is full or a file that is missing: the page is shown, and not kept.
  await storedPages.storeVisited(learner, key, response).then(
    () => outbox.dropAnswered(learner, url.pathname, at),
    () => {},
  )
  await courseDownload.refresh(storedPages.courseOf(key), version)
}

async function changeLearner(learner) {
  const known = await storedPages.learner()
  if (known === learner) return
  await storedPages.setLearner(learner)
  // The first answer made somebody of a phone without a learner: that answer is on the learner's own page now.
  if (known === storedPages.NOBODY) await outbox.dropAnswered(known, "", Date.now() + 1)
}

// The result of a practice has a page of its own, which waits for it and leads on meanwhile.
async function offlinePage(pathname) {
  const [, attempt] = RESULT.exec(pathname) || []
  const missing = attempt ? storedPages.AWAITED_PAGE : storedPages.OFFLINE_PAGE
  const language = await storedPages.readState("language")
  const page = await storedPages.inCache(storedPages.SHELL, storedPages.inLanguage(missing, language || self.LANGUAGES[0]))
  if (!page) return Response.error()
  const rows = (await storedPages.listPages()).map(({ url, title }) => (
    `<li><a class="row list__item course" href="${url}"><span class="row__text course__name">${title}</span></a></li>`
  ))
  const lesson = attempt && await lessonOf(attempt)
  const text = (await page.text())
    .replace("<ul data-stored-pages>", (list) => list + rows.join(""))
    .replace("data-stored hidden", rows.length ? "data-stored" : "$&")
    .replace('href="/" data-lesson', () => `href="${lesson || "/"}"`)
  return new Response(text, { status: 503, headers: page.headers })
}

// The address of the lesson of an attempt whose page is here.
async function lessonOf(attempt) {
  const page = await storedPages.findPage(attempt)
  const [, lesson] = page && PRACTICE_LINK.exec(await page.text()) || []
  return lesson
}

// A stored page says so, and carries the answers that are younger than it; that of a practice has the way to an attempt
// that was started without a network.
async function addPendingAnswers(page, pathname) {
  const learner = await storedPages.learner()
  const answers = await outbox.answersOf(learner, pathname)
  const [attempt] = START.test(pathname) ? await outbox.startsAt(learner, pathname) : []
  const html = await page.text()
  const label = html.includes('<html lang="en"') ? "Go on with the open practice" : "Tập tiếp lượt đang dở"
  const link = attempt ? `<p><a class="button" href="${ATTEMPTS}${attempt}">${label}</a></p>` : ""
  const json = JSON.stringify(answers).replace(/</g, "\\u003c")
  const text = html
    .replace("<html ", "<html data-stored ")
    .replace("<form", () => `${link}<form`)
    .replace("</main>", () => `<script type="application/json" data-kept-answers>${json}</script></main>`)
  return new Response(text, { headers: page.headers })
}

async function showPicture(request, url) {
  try {
    return await fetch(request)
  } catch (offline) {
    return await storedPages.findPage(url.pathname) || Response.error()
  }
}

// ---- forms

async function sendForm(event, url) {
  const { request } = event
  const isChange = CHANGES_LEARNER.test(url.pathname)
  const copy = START.test(url.pathname) ? request.clone() : null
  const known = await storedPages.learner()
  if (isChange) {
    await outbox.sendFirst() // what waits belongs to the learner of now
    epoch += 1
    await storedPages.setLearner(null)
  }
  try {
    const response = await fetch(request)
    if (url.pathname === FORGET_PATH) await (await isConfirmationPage(response) ? storedPages.setLearner(known) : forget(known))
    return response
  } catch (offline) {
    if (isChange) await storedPages.setLearner(known)
    const started = copy && await startAttemptOffline(url, new URLSearchParams(await copy.text()))
    return started || offlinePage(url.pathname)
  }
}

// "Quên tôi" asks first; its second page has no form.
const isConfirmationPage = async (response) => /action="\/toi\/quen"/.test(await response.clone().text())

async function forget(learner) {
  for (const key of [learner, storedPages.NOBODY]) {
    await storedPages.forgetLearner(key)
    await outbox.forget(key)
  }
}

// Start an attempt from the downloaded page of the practice, under an id that is drawn here. The server hears of it
// before its events.
async function startAttemptOffline(url, form) {
  const mode = form.get("mode")
  if (!mode || form.get("again")) return null
  const page = await storedPages.findPage(`${url.pathname}?luot=${mode}`)
  const learner = await storedPages.learner()
  if (!page || !learner) return null
  const text = await page.text()
  const id = randomId()
  const body = `mode=${mode}&attempt=${id}&digest=${page.headers.get("Practice-Digest")}`
  if (!await outbox.add({ url: url.pathname, type: FORM, body })) return null
  const address = ATTEMPTS + id
  await storedPages.storeVisited(learner, address, new Response(text.replace(PLACEHOLDER, id), { headers: page.headers }))
  return Response.redirect(address, 303)
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

// ---- posts of scripts

async function sendEvents(request) {
  const attempt = new URL(request.url).pathname.split("/")[3]
  // The server does not know the attempt yet, and would refuse its events.
  if (!await outbox.sendFirst() && await outbox.holdsStart(attempt)) return Response.error()
  return fetch(request)
}

async function sendAnswer(event, url) {
  const { request } = event
  const body = await request.clone().text()
  const type = (request.headers.get("Content-Type") || FORM).split(";")[0]
  try {
    if (!await outbox.sendFirst()) throw new Error("offline") // in order
    const response = await withTimeout(POST_TIMEOUT, fetch(request))
    if (response.ok) event.waitUntil(storeAnswer(url.pathname, body, response.clone()))
    return response
  } catch (offline) {
    if (!await outbox.add({ url: url.pathname, type, body })) return Response.error()
    return new Response('{"kept": true}', { status: 202, headers: { "Content-Type": "application/json" } })
  }
}

async function storeAnswer(url, body, response) {
  if (!/json/.test(response.headers.get("Content-Type") || "")) return
  await outbox.keepAnswer(await storedPages.learner(), url, { body, result: await response.json() })
}

// ---- messages of pages

async function onMessage({ data, ports }) {
  const reply = (message) => ports[0] && ports[0].postMessage(message)
  if (data === "send") reply({ isSent: await outbox.sendFirst() })
  else if (data.download) {
    await courseDownload.start(data.download, data.language, (bytes, total) => reply({ bytes, total })).then(
      () => reply({ isStored: true, language: data.language }),
      ({ message }) => reply({ error: message === "full" ? "full" : "offline" }),
    )
  } else if (data.remove) {
    await storedPages.removeCourse(data.remove)
    reply({ isStored: false })
  } else if (data.find) {
    const course = await storedPages.downloadedCourse(data.find)
    reply({ isStored: Boolean(course), language: course && course.language })
  }
}
