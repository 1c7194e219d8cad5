// Whether a typed answer looks like a number of the learner's own: six digits or more, as no answer has. The server says
// the same (lms/content/questions/typed.py), and never keeps it.
const PRIVATE_DIGITS = 6

export function isPrivateNumber({ value, dataset }) {
  const count = value.replace(/\D/g, "").length
  return count >= PRIVATE_DIGITS && !dataset.allowedDigitCounts.split(" ").includes(String(count))
}
