/** A client of Yanxiu's GraphQL API: urql and graphql-ws as they are, with the token, the language and document ids. */

import { Client, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { createClient as createSocket } from "graphql-ws";

export interface Options {
  /** The address of /graphql, such as https://yanxiu.example/graphql. */
  url: string;
  /** The bearer token; asked for anew with each request, so that a renewed one is used at once. */
  token: () => string;
  /** The language of messages and remedies; Chinese unless told otherwise. */
  language?: "zh" | "en";
  /** Send each query and mutation by the id that its app registered (src/generated/persisted-documents.json). */
  registered?: boolean;
  /** The WebSocket of the runtime, where it has none of its own. */
  webSocket?: unknown;
}

/** Connect: queries and mutations by HTTP, subscriptions by WebSocket. `close` ends the socket. */
export function connect(options: Options): { client: Client; close: () => Promise<void> } {
  const language = options.language ?? "zh";
  const socket = createSocket({
    url: options.url.replace(/^http/, "ws"),
    webSocketImpl: options.webSocket ?? globalThis.WebSocket,
    connectionParams: () => ({ authorization: `Bearer ${options.token()}`, acceptLanguage: language }),
    // A closed gateway is a restart of one of several: connect again, with the pauses of graphql-ws.
    retryAttempts: 10,
  });
  const client = new Client({
    url: options.url,
    preferGetMethod: false,
    requestPolicy: "network-only",
    fetchOptions: () => ({
      headers: { authorization: `Bearer ${options.token()}`, "accept-language": language },
    }),
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query: query ?? "", variables: variables ?? null },
              {
                next: ({ data, errors }) => sink.next({ data: data ?? null, ...(errors && { errors: [...errors] }) }),
                error: (problem) => sink.error(problem),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
      ...(options.registered ? [mapExchange({ onOperation: (asked) => ({ ...asked, query: byId(asked.query) }) })] : []),
      fetchExchange,
    ],
  });
  return { client, close: async () => socket.dispose() };
}

/** The document without its text: urql sends the id alone. */
function byId<Document extends object>(document: Document): Document {
  const { hash } = (document as { __meta__?: { hash?: string } }).__meta__ ?? {};
  if (!hash) throw new Error("This document was not generated with its hash; run `npm run build`.");
  return { ...document, definitions: [], documentId: hash };
}
