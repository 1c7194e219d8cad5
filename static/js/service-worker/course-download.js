// "Tải khoá về máy": all pages of a course in one cache, in the language in which its reader asked for them. A course is
// offered from its first page to its last or not at all; a newer version is fetched beside the old one, and takes its
// place when it is complete.
const courseDownload = (() => {
  const AT_ONCE = 4
  const running = new Map() // {language, done} by slug, so that two tabs do not fetch it twice

  async function readList(slug, language) {
    const response = await fetch(storedPages.inLanguage(`/${slug}/tai-ve.json`, language), { credentials: "omit" })
    if (!response.ok) throw new Error("offline")
    return response.json()
  }

  // ``onProgress(bytes, total)``. Throws "full" or "offline".
  async function start(slug, language, onProgress) {
    const other = running.get(slug)
    if (other && other.language !== language) await other.done.catch(() => {})
    if (!running.has(slug)) {
      running.set(slug, { language, done: download(slug, language, onProgress).finally(() => running.delete(slug)) })
    }
    return running.get(slug).done
  }

  async function download(slug, language, onProgress) {
    const list = await readList(slug, language)
    const name = `${storedPages.COURSE}${slug}@${list.version}-${language}`
    await caches.delete(name) // what an earlier try left
    const left = list.pages.slice()
    const ofPages = list.pages.reduce((sum, { bytes }) => sum + bytes, 0)
    let stored = 0
    async function next() {
      while (left.length) {
        const page = left.shift()
        await storeCopy(name, page.url, language, list.version)
        stored += page.bytes
        onProgress(list.bytes * stored / ofPages, list.bytes)
      }
    }
    const fetching = Array.from({ length: AT_ONCE }, next)
    try {
      await Promise.all(fetching)
      await storedPages.setCourse({ slug, cache: name, version: list.version, bytes: list.bytes, name: list.name, language })
    } catch (error) {
      left.length = 0
      await Promise.all(fetching.map((each) => each.catch(() => {}))) // a page under way would create the cache again
      await caches.delete(name)
      throw error.name === "QuotaExceededError" ? new Error("full") : error
    }
  }

  async function storeCopy(cacheName, url, language, version) {
    const response = await fetch(storedPages.inLanguage(url, language), { credentials: "omit" })
    if (!response.ok || storedPages.versionOf(response) !== version) throw new Error("offline") // it has just changed
    await storedPages.storePage(cacheName, url, response)
  }

  // A page of another version came from the network: the course changed, or the site.
  async function refresh(slug, version) {
    const course = await storedPages.downloadedCourse(slug)
    if (!course || !version || course.version === version) return
    // Without a network, or on a full phone, the complete older version stays.
    await start(slug, course.language, () => {}).then(() => storedPages.deleteUnusedFiles(self.BUILD), () => {})
  }

  return { start, refresh, remove: storedPages.removeCourse }
})()
