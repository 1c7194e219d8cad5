// A request that is given up in time. On a network that died without a word nobody says so, and a browser waits for
// minutes. It keeps up to five lines open beside a stream's, and when there is a network again it tries those first,
// one after the other, though they died with the first.
const HURRY = 30000 // ms
let hurried = 0, until = 0

// What `read` makes of the answer, within so many milliseconds; throws as fetch does, AbortError when they are over.
// `stop` may be given to end it sooner.
export async function fetchWithin(milliseconds, url, options, read, stop = new AbortController()) {
  const clock = setTimeout(() => stop.abort(), isHurried() ? Math.min(hurried, milliseconds) : milliseconds)
  try {
    return await read(await fetch(url, Object.assign({ signal: stop.signal }, options)))
  } finally {
    clearTimeout(clock)
  }
}

// A line has just taken the place of one that died: what takes longer than on this one, is on another of the dead.
export function hurry(milliseconds) {
  hurried = milliseconds
  until = Date.now() + HURRY
}

export const isHurried = () => Date.now() < until
