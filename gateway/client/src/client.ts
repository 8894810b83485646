/** A client of Yanxiu's GraphQL API: urql and graphql-ws as they are, with the token, the language and document ids. */

import { Client, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { createClient as createSocket, type SubscribePayload } from "graphql-ws";

export interface Options {
  /** The address of /graphql, such as https://yanxiu.example/graphql. */
  url: string;
  /** The bearer token; asked for anew with each request and each time the socket connects, so renew it there. */
  token: () => string;
  /** The district's code, where the token of your issuer does not name it. */
  district?: string | (() => string | undefined);
  /** The id of the grant to act by, where its subject holds several: `extensions.grants` of GRANT_NOT_CHOSEN lists them. */
  grant?: string | (() => string | undefined);
  /** The language of messages and remedies; Chinese unless told otherwise. */
  language?: "zh" | "en";
  /** Told each time the socket is connected: the first time, and when subscriptions go on after a lost link. */
  onConnected?: () => void;
  /** Send each operation by the id that its app registered (src/generated/persisted-documents.json). */
  registered?: boolean;
  /** The WebSocket of the runtime, where it has none of its own. */
  webSocket?: unknown;
}

/**
 * Connect: queries and mutations by HTTP, subscriptions by WebSocket. `close` ends the socket.
 *
 * A subscription outlives its token and the gateway: the socket connects again, with what `token()` gives then and the
 * last cursor, so that nothing is missed and nothing told twice. Each result's `extensions.cursor` may be kept, and given
 * as `context: { cursor }` of a later subscription.
 */
export function connect(options: Options): { client: Client; close: () => Promise<void> } {
  const language = options.language ?? "zh";
  const said = (one?: string | (() => string | undefined)) => (typeof one === "function" ? one() : one);
  const headers = () => {
    const district = said(options.district);
    const grant = said(options.grant);
    return {
      authorization: `Bearer ${options.token()}`,
      "accept-language": language,
      ...(district && { "yanxiu-district": district }),
      ...(grant && { "yanxiu-grant": grant }),
    };
  };
  const socket = createSocket({
    url: options.url.replace(/^http/, "ws"),
    webSocketImpl: options.webSocket ?? globalThis.WebSocket,
    // The names of the headers serve as those of the parameters.
    connectionParams: headers,
    // A gateway that restarts and a token that ran out (4403): connect again, with the pauses of graphql-ws. A token that
    // nobody will accept (4401) is no such case, and ends the subscription with the reason.
    retryAttempts: 10,
    on: { connected: () => options.onConnected?.() },
  });
  const client = new Client({
    url: options.url,
    preferGetMethod: false,
    requestPolicy: "network-only",
    fetchOptions: () => ({ headers: headers() }),
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query, variables }, operation) => ({
          subscribe: (sink) => {
            // Sent again as it is then when the socket connects again.
            const payload = {
              // graphql-ws wants a text; an empty one is as none.
              ...(options.registered ? { query: "", documentId: hashOf(operation.query) } : { query: query ?? "" }),
              variables: variables ?? null,
              extensions: {} as Record<string, unknown>,
            };
            const seen = (cursor: unknown) => cursor && (payload.extensions.cursor = cursor);
            seen(operation.context.cursor);
            const unsubscribe = socket.subscribe(payload satisfies SubscribePayload, {
              next: ({ data, errors, extensions: also }) => {
                const extensions = also as Record<string, unknown> | undefined;
                seen(extensions?.cursor);
                sink.next({ data: data ?? null, ...(errors && { errors: [...errors] }), ...(extensions && { extensions }) });
              },
              error: (problem) => sink.error(told(problem)),
              complete: () => sink.complete(),
            });
            return { unsubscribe };
          },
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
  return { ...document, definitions: [], documentId: hashOf(document) };
}

function hashOf(document: object): string {
  const { hash } = (document as { __meta__?: { hash?: string } }).__meta__ ?? {};
  if (!hash) throw new Error("This document was not generated with its hash; run `npm run build`.");
  return hash;
}

/** What ended a subscription: of a closed socket its reason, such as GRANT_MISSING. */
function told(problem: unknown): unknown {
  const { code, reason } = problem as { code?: number; reason?: string };
  return typeof code === "number" && typeof reason === "string" ? new Error(`${reason || "closed"} (${code})`) : problem;
}
