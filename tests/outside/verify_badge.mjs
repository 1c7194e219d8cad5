// A stranger's check of badges, by a library that did not make them: node verify_badge.mjs CONTEXT < badges.json
//
// CONTEXT is a file with the context of Open Badges. The other contexts come from packages. What is the issuer's is
// fetched from the address that the badge names, as for any other issuer: the library is handed no key and no
// controller. Prints a list with an error for each badge, null for one that is genuine.
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import * as vc from "@digitalbazaar/vc"
import { DataIntegrityProof } from "@digitalbazaar/data-integrity"
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite"
import multikey from "@digitalbazaar/multikey-context"
import did from "did-context"
import jsonld from "jsonld"

const [, , openBadges] = process.argv
const contexts = new Map([...did.contexts, ...multikey.contexts])
contexts.set("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", JSON.parse(await readFile(openBadges, "utf8")))

const errors = []
for (const credential of JSON.parse(await text(process.stdin))) {
  const suite = new DataIntegrityProof({ cryptosuite })
  const result = await vc.verifyCredential({ credential, suite, documentLoader })
  errors.push(result.verified ? null : explain(result.error))
}
console.log(JSON.stringify(errors))

async function documentLoader(url) {
  if (contexts.has(url)) return loaded(url, contexts.get(url))
  if (/^https:\/\/(www\.w3\.org|w3id\.org)\//.test(url)) return vc.defaultDocumentLoader(url)
  return loaded(url, await dereference(url))
}

// The fragment is looked up in the document, as in W3C's Controlled Identifiers, section 3.3. Framing in the safe mode
// fails for a term that no context defines.
async function dereference(url) {
  const response = await fetch(url, { headers: { accept: "application/ld+json, application/json" } })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const document = await response.json()
  if (!new URL(url).hash) return document
  const context = [did.constants.DID_CONTEXT_URL, multikey.constants.CONTEXT_URL]
  return jsonld.frame(document, { "@context": context, id: url }, { documentLoader, safe: true })
}

function loaded(url, document) {
  return { contextUrl: null, documentUrl: url, document }
}

function explain(error) {
  return [error].concat(error.errors || []).map((each) => each.message).join(" | ")
}
