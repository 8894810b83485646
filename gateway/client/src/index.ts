/** Yanxiu's typed client: how to connect, and a document with its types for each screen. */

export * from "./client.js";
export * from "./generated/graphql.js";
