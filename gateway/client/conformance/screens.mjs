// Uses the built client as a front end does: node screens.mjs URL < what to ask; prints what was answered.
// Asked is JSON: { token, district, grant, registered, operations: [[document name, variables], ...],
// watch: [document name, variables], first: a token for the first request, meanwhile: [document name, variables] }.
// `meanwhile` is asked once the socket is connected with another than the first token; then one more push is waited for.
import WebSocket from "ws";
import * as yanxiu from "../dist/index.js";

const url = process.argv[2];
const asked = JSON.parse(await new Response(process.stdin).text());
const { language, registered, district, grant } = asked;
let tokens = 0;
const token = () => (tokens++ === 0 && asked.first ? asked.first : asked.token);
const onConnected = () => {
  if (asked.meanwhile && tokens > 1) {
    const [name, variables] = asked.meanwhile;
    client.mutation(yanxiu[name], variables).toPromise();
  }
};
const { client, close } = yanxiu.connect({ url, token, language, registered, district, grant, onConnected, webSocket: WebSocket });
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
  const pushes = [];
  watched = await new Promise((resolve) => {
    const { unsubscribe } = client.subscription(yanxiu[name], variables).subscribe((result) => {
      pushes.push({ ...told(result), cursor: result.extensions?.cursor ?? null, resumed: result.extensions?.resumed ?? null });
      if (result.error || pushes.length > (asked.meanwhile ? 1 : 0)) {
        resolve(asked.meanwhile ? pushes : pushes[0]);
        setTimeout(() => unsubscribe());
      }
    });
  });
}
await close();
console.log(JSON.stringify({ answers, watched }));
