// Runs the audit suite of `graphql-http` against a gateway: node audit.mjs URL TOKEN; prints each audit's outcome.
import { auditServer } from "graphql-http";

const [url, token] = process.argv.slice(2);
const signedIn = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${token}` } });

const results = await auditServer({ url, fetchFn: signedIn });
const told = await Promise.all(
  results.map(async ({ id, name, status, reason, response }) => ({ id, name, status, reason: reason ?? "", http: response?.status })),
);
console.log(JSON.stringify(told));
