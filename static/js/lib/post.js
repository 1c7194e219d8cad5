// Sending a form without leaving the page, and again when the line was down. What is sent is read from the form each
// time, so that a change of mind meanwhile counts.
const PAUSES = [1500, 3000, 6000, 12000, 20000]
const PATIENCE = 15000

// The JSON answer; {error} when the server refused; null when only the page itself can tell.
export async function postForm(form, whenLost) {
  for (let turn = 0; ; turn += 1) {
    const response = await post(form)
    if (response && response.status < 500) return read(response)
    whenLost()
    await pause(PAUSES[Math.min(turn, PAUSES.length - 1)])
  }
}

async function post(form) {
  const stop = new AbortController()
  const clock = setTimeout(() => stop.abort(), PATIENCE)
  try {
    return await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
      signal: stop.signal,
    })
  } catch (lost) {
    return null
  } finally {
    clearTimeout(clock)
  }
}

async function read(response) {
  const type = response.headers.get("Content-Type") || ""
  return type.startsWith("application/json") ? response.json() : null
}

// Until the time is over or the line is back, whichever comes first.
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
    window.addEventListener("online", resolve, { once: true })
  })
}
