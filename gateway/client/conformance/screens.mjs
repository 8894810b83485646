// Uses the built client as a front end does: node screens.mjs URL < what to ask; prints what was answered.
// Asked is JSON: { token, registered, operations: [[document name, variables], ...], watch: [document name, variables] }.
import WebSocket from "ws";
import * as yanxiu from "../dist/index.js";

const url = process.argv[2];
const asked = JSON.parse(await new Response(process.stdin).text());
const { language, registered } = asked;
const { client, close } = yanxiu.connect({ url, token: () => asked.token, language, registered, webSocket: WebSocket });
const told = ({ data, error, extensions }) => ({
  data: data ?? null,
  errors: (error?.graphQLErrors ?? []).map((one) => one.extensions?.code),
  network: error?.networkError?.message ?? null,
  cost: extensions?.cost?.requested ?? null,
});

const answers = [];
for (const [name, variables] of asked.operations) {
  const document = yanxiu[name];
  answers.push(told(await client[document.definitions[0].operation](document, variables).toPromise()));
}

let watched = null;
if (asked.watch) {
  const [name, variables] = asked.watch;
  watched = await new Promise((resolve) => {
    const { unsubscribe } = client.subscription(yanxiu[name], variables).subscribe((result) => {
      resolve(told(result));
      setTimeout(() => unsubscribe());
    });
  });
}
await close();
console.log(JSON.stringify({ answers, watched }));
