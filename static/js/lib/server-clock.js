// The server's time on a device whose own clock may be ten minutes off. Streams and responses say what time it is there;
// a message that was delayed would make the clock slow, so the earliest arrival counts.
let offset = null // ms to add to this device's clock

export function recordServerTime(milliseconds) {
  if (!(milliseconds > 1e12)) return // a response without a Date
  const heard = milliseconds - Date.now()
  const isAdjusted = offset !== null && Math.abs(heard - offset) > 60000 // somebody set this device's clock
  offset = offset === null || isAdjusted ? heard : Math.max(offset, heard)
}

export const serverNow = () => Date.now() + (offset || 0)
