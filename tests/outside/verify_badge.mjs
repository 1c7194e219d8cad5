// A stranger's check of one badge, by a library that did not make it: node verify_badge.mjs CONTEXTS < badge.json
//
// CONTEXTS is a folder of JSON-LD contexts, each found by the address it is published at; nothing else is loaded from
// outside but the issuer's own document, over HTTP from the address the badge names. Prints {"verified", "error"}.
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import path from "node:path"
import * as vc from "@digitalbazaar/vc"
import { DataIntegrityProof } from "@digitalbazaar/data-integrity"
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite"

const CONTEXTS = {
  "https://www.w3.org/ns/credentials/v2": "credentials-v2.jsonld",
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-3.0.3.json",
  "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
  "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.jsonld",
}

const [, , folder] = process.argv
const badge = JSON.parse(await text(process.stdin))
const issuer = await fetchJson(typeof badge.issuer === "string" ? badge.issuer : badge.issuer.id)
console.log(JSON.stringify(await verdict(badge, issuer)))

async function verdict(credential, controller) {
  const result = await vc.verifyCredential({
    credential,
    suite: new DataIntegrityProof({ cryptosuite }),
    purpose: new vc.CredentialIssuancePurpose({ controller }),
    documentLoader,
  })
  return { verified: result.verified, error: result.verified ? null : explain(result.error) }
}

async function documentLoader(url) {
  if (url in CONTEXTS) return loaded(url, JSON.parse(await readFile(path.join(folder, CONTEXTS[url]), "utf8")))
  const method = [].concat(issuer.verificationMethod, issuer.assertionMethod).find((each) => each && each.id === url)
  if (method) return loaded(url, { "@context": "https://w3id.org/security/multikey/v1", ...method })
  throw new Error(`Nothing is known about ${url}`)
}

async function fetchJson(url) {
  const response = await fetch(url, { headers: { accept: "application/ld+json, application/json" } })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}

function loaded(url, document) {
  return { contextUrl: null, documentUrl: url, document }
}

function explain(error) {
  return [error].concat(error.errors || []).map((each) => each.message).join(" | ")
}
