// What the service worker keeps, all in the Cache API. Caches, by name:
//   files              static files and stylesheets whose address changes with their contents
//   shell              the page that says what is here when a page is not, and the privacy notice, in each language
//   learner-<key>      pages as one learner saw them
//   course-<slug>      a downloaded course, as everybody sees it
//   state              who learns, which courses are complete: small JSON values
const storedPages = (() => {
  const FILES = "files"
  const SHELL = "shell"
  const LEARNER = "learner-"
  const COURSE = "course-"
  const OFFLINE_PAGE = "/ngoai-mang"
  const AWAITED_PAGE = "/ngoai-mang/ket-qua"
  const PRIVACY_PAGE = "/quyen-rieng-tu" // open to whoever wants to know, also without a network
  const NOBODY = "none" // the key of a phone without a learner
  const MAX_PAGES = 80  // of one learner, beside downloaded courses
  const DROPPED_HEADERS = ["Content-Encoding", "Content-Length", "Vary", "Set-Cookie"]
  const FILE_URLS = /(?:href|src)="(\/(?:static\/|[^"]*\/mau\.css\?)[^"#]*)/g
  const PICTURE_URLS = /(?:href|src)="(\/[^"#]*\/images\/[^"#]*)/g
  const IMPORTS = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g
  const LISTED = /^\/[^/]*(\/[^/]+)?$/ // the home page, courses, lessons
  const CSS_URLS = /url\("?([^")]+)"?\)/g
  const needs = new Map() // by address of a file: what it imports
  const requested = new Map() // by address of a file: its request

  const all = (pattern, text) => Array.from(text.matchAll(pattern), (found) => found[1])

  async function readState(name) {
    const found = await (await caches.open("state")).match(`/${name}`)
    return found ? found.json() : null
  }

  async function writeState(name, value) {
    await (await caches.open("state")).put(`/${name}`, new Response(JSON.stringify(value)))
  }

  // ---- files

  const isPermanent = (response) => /immutable/.test(response.headers.get("Cache-Control") || "")

  // A file from here, else from the network, and kept. The server answers an old address with the new file, which is
  // not permanent and not kept: it would mix two versions.
  async function file(url) {
    const found = await inCache(FILES, url)
    return found || (await fetchFile(url)).clone()
  }

  // The page and this worker ask for the same file at the same time: one request serves both.
  function fetchFile(url) {
    if (!requested.has(url)) requested.set(url, fetchAndKeep(url).finally(() => requested.delete(url)))
    return requested.get(url)
  }

  async function fetchAndKeep(url) {
    const response = await fetch(url)
    if (response.ok && isPermanent(response)) {
      await (await caches.open(FILES)).put(url, response.clone()).catch((full) => { response.full = full })
    }
    return response
  }

  // Store the files with these addresses and all that they need. Throws unless all are stored.
  async function storeFiles(urls, seen = new Set()) {
    await Promise.all(urls.map(async (url) => {
      if (seen.has(url)) return
      seen.add(url)
      let response = await inCache(FILES, url)
      if (!response) {
        response = await fetchFile(url)
        if (response.full) throw response.full
        if (!response.ok || !isPermanent(response)) throw new Error(`${url} is not of this version`)
      }
      if (!needs.has(url)) needs.set(url, await neededBy(url, response.clone()))
      await storeFiles(needs.get(url), seen)
    }))
  }

  async function neededBy(url, response) {
    const pattern = /\.js$/.test(url) ? IMPORTS : /\.css$/.test(url) ? CSS_URLS : null
    if (!pattern) return []
    const base = new URL(url, self.location.origin)
    return all(pattern, await response.text()).map((path) => new URL(path, base).pathname)
  }

  // Delete the files of builds that no stored page belongs to.
  async function deleteUnusedFiles(build) {
    const builds = new Set([build])
    for (const name of await caches.keys()) {
      if (name === FILES || name === "state") continue
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const page = await cache.match(request)
        const version = page && page.headers.get("Page-Version")
        if (version) builds.add(version.split("-")[0])
      }
    }
    const files = await caches.open(FILES)
    for (const request of await files.keys()) {
      const found = /\/static\/([^/]+)\//.exec(request.url)
      if (found && !builds.has(found[1])) await files.delete(request)
    }
  }

  // ---- pages

  // A copy of a page for the cache, with its headers: its content security policy is one of them.
  function copyOf(text, response) {
    const headers = new Headers(response.headers)
    DROPPED_HEADERS.forEach((name) => headers.delete(name))
    return new Response(text, { headers })
  }

  // Store a page after everything that it shows. Throws if something is missing.
  async function storePage(cacheName, url, response) {
    const text = await response.text()
    await storeFiles(all(FILE_URLS, text))
    const cache = await caches.open(cacheName)
    await Promise.all(all(PICTURE_URLS, text).map(async (picture) => {
      const found = await fetch(picture)
      if (found.ok) await cache.put(picture, found)
    }))
    await cache.delete(url) // so that the order of the keys is that of the visits
    await cache.put(url, copyOf(text, response))
  }

  async function storeVisited(learner, url, response) {
    await storePage(LEARNER + learner, url, response)
    const cache = await caches.open(LEARNER + learner)
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MAX_PAGES)).map((key) => cache.delete(key)))
  }

  // The address of a page in a language, whatever the phone chose; the first is that of a phone that chose none.
  const inLanguage = (url, language) => (
    language === self.LANGUAGES[0] ? url : `${url}${url.includes("?") ? "&" : "?"}tieng=${language}`
  )

  const courseOf = (url) => url.split(/[/?]/)[1] || ""
  const versionOf = (page) => page.headers.get("Page-Version")

  // A stored page, or undefined. The pages of a downloaded course are of one version: the learner's own copy of one is
  // shown if it is of the same.
  async function findPage(url) {
    const learner = await readState("learner")
    const own = learner && await inCache(LEARNER + learner, url)
    const course = await downloadedCourse(courseOf(url))
    const shared = course && await inCache(course.cache, url)
    if (url === PRIVACY_PAGE) return findPrivacyPage(own)
    return own && (!shared || versionOf(own) === versionOf(shared)) ? own : shared
  }

  // In the language that was chosen, whether it was ever read in it or not.
  async function findPrivacyPage(own) {
    const language = await readState("language") || self.LANGUAGES[0]
    const isInLanguage = own && (await own.clone().text()).includes(`<html lang="${language}"`)
    return isInLanguage ? own : await inCache(SHELL, inLanguage(PRIVACY_PAGE, language)) || own
  }

  // ``caches.open`` creates what is not there.
  async function inCache(name, url) {
    return await caches.has(name) ? (await caches.open(name)).match(url) : undefined
  }

  // Forget a page that the site does not have any more.
  async function dropPage(url) {
    const learner = await readState("learner")
    if (learner && await caches.has(LEARNER + learner)) await (await caches.open(LEARNER + learner)).delete(url)
  }

  // ---- learners

  // The key of whose pages may be shown: null while a form that changes the learner is under way.
  const learner = () => readState("learner")
  const setLearner = (key) => writeState("learner", key)
  const forgetLearner = (key) => caches.delete(LEARNER + key)

  // ---- downloaded courses

  const isCourseCache = (name, slug) => name.startsWith(`${COURSE}${slug}@`)

  // {slug, name, cache, version, bytes, language} of a course that is here as a whole; null if it is not, or if the browser
  // deleted it to make room.
  async function downloadedCourse(slug) {
    const course = slug ? await readState(`course-${slug}`) : null
    return course && await caches.has(course.cache) ? course : null
  }

  // Offer this version of a course from now on; the one before goes.
  async function setCourse(course) {
    await writeState(`course-${course.slug}`, course)
    await deleteCaches((name) => isCourseCache(name, course.slug) && name !== course.cache)
  }

  async function removeCourse(slug) {
    await writeState(`course-${slug}`, null)
    await deleteCaches((name) => isCourseCache(name, slug))
  }

  async function deleteCaches(isUnwanted) {
    const names = await caches.keys()
    await Promise.all(names.filter(isUnwanted).map((name) => caches.delete(name)))
  }

  // What a page about missing pages lists: the learner's pages and those of downloaded courses, as [{url, title}].
  async function listPages() {
    const key = await learner()
    const names = (await caches.keys()).filter((name) => name.startsWith(COURSE) || (key && name === LEARNER + key))
    const titles = new Map()
    for (const name of names) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const { pathname, search } = new URL(request.url)
        if (search || !LISTED.test(pathname) || titles.has(pathname)) continue
        const page = await findPage(pathname)
        if (page) titles.set(pathname, titleOf(await page.text()))
      }
    }
    return Array.from(titles, ([url, title]) => ({ url, title })).sort((one, other) => (one.url < other.url ? -1 : 1))
  }

  const titleOf = (text) => (/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(text) || ["", ""])[1].replace(/<[^>]*>/g, "").trim()

  return {
    OFFLINE_PAGE, AWAITED_PAGE, PRIVACY_PAGE, SHELL, LEARNER, COURSE, NOBODY, readState, writeState, file, storeFiles,
    deleteUnusedFiles, storePage, storeVisited, findPage, inCache, dropPage, learner, setLearner, forgetLearner, downloadedCourse, setCourse,
    removeCourse, listPages, courseOf, versionOf, inLanguage,
  }
})()
