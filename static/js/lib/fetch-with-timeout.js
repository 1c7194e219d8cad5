// fetch with a time limit: a browser waits minutes for a connection that died silently, and may have five of them.
const SHORT_PERIOD = 30000 // ms
let shortLimit = 0, shortUntil = 0

// What `read` makes of the response. Throws like fetch; AbortError when the time is over, or `abort` was used.
export async function fetchWithTimeout(milliseconds, url, options, read, abort = new AbortController()) {
  const timer = setTimeout(() => abort.abort(), areTimeoutsShort() ? Math.min(shortLimit, milliseconds) : milliseconds)
  try {
    return await read(await fetch(url, Object.assign({ signal: abort.signal }, options)))
  } finally {
    clearTimeout(timer)
  }
}

// Call this when a dead connection was replaced. A request that begins in the next 30 s and takes longer than
// `milliseconds` is assumed to be on another dead connection, and is aborted.
export function shortenTimeouts(milliseconds) {
  shortLimit = milliseconds
  shortUntil = Date.now() + SHORT_PERIOD
}

export const areTimeoutsShort = () => Date.now() < shortUntil
