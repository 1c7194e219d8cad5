// Polling, and sending until it succeeds.
import { areTimeoutsShort, fetchWithTimeout } from "./fetch-with-timeout.js"

const SHORT_PAUSE = 500  // ms between two tries while dead connections are expected: the next one may work
const SHORT_TRIES = 6
const POST_TIMEOUT = 15000 // ms
const POST_PAUSES = [1500, 3000, 6000, 12000, 20000]
const BACK_ONLINE = ["online", "reconnected"] // from the browser, and from the class stream

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Call `ask` every so many milliseconds, more or less, until it returns false. An error means: ask again.
export async function poll(ask, milliseconds, first = milliseconds) {
  await sleep(first)
  for (;;) {
    try {
      if ((await ask()) === false) return
    } catch (error) {
      // The network is down; the next request may get through.
    }
    await sleep(milliseconds * (0.8 + 0.4 * Math.random())) // a hall of phones does not ask all at once
  }
}

// Call `attempt` until it does not throw; `onFailure` before each pause. The last pause repeats. Throws after `tries`.
export async function retry(attempt, { pauses, onFailure, tries = Infinity }) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (failures + 1 >= tries) throw error
      onFailure()
      const isSoon = error.isReconnected || (areTimeoutsShort() && failures < SHORT_TRIES)
      await pause(isSoon ? SHORT_PAUSE : pauses[Math.min(failures, pauses.length - 1)])
    }
  }
}

// Until the time is over or the network is back.
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
    BACK_ONLINE.forEach((name) => window.addEventListener(name, resolve, { once: true }))
  })
}

// Send a form without leaving the page, again and again while the network or the server is down. The fields are read
// for each try, so that a change of mind counts. The JSON response, {error} when the server refused, or null when the
// response is a page: then the page itself must be loaded again.
export function postForm(form, onFailure) {
  return postFields(form.action, () => new FormData(form), onFailure)
}

// The same for fields that are no form's: `readFields` is called for each try and returns pairs of name and value.
export function postFields(url, readFields, onFailure) {
  return retry(() => post(url, readFields()), { pauses: POST_PAUSES, onFailure })
}

async function post(url, fields) {
  const abort = new AbortController()
  let isReconnected = false
  const onReconnect = () => { // this request went out on a connection that is dead now: abort it and send it again soon
    isReconnected = true
    abort.abort()
  }
  const request = { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) }
  window.addEventListener("reconnected", onReconnect)
  try {
    return await fetchWithTimeout(POST_TIMEOUT, url, request, readJson, abort)
  } catch (error) {
    throw { isReconnected }
  } finally {
    window.removeEventListener("reconnected", onReconnect)
  }
}

function readJson(response) {
  if (response.status >= 500) throw response.status
  const type = response.headers.get("Content-Type") || ""
  return type.startsWith("application/json") ? response.json() : null
}
