// A framework that shares no code with Slack's: fetch and Web Crypto, over signed HTTP.
import { createServer } from "node:http";
import edge from "slack-edge";
import web from "slack-web-api-client";
import { answerWith, tell } from "./wire.mjs";

const [address, token, signingSecret] = process.argv.slice(2);
const options = { baseUrl: `${address}/api/` };
const client = new web.SlackAPIClient(token, options);
const hear = (heard, more) => tell({ heard, ...more });
const plain = (text) => ({ type: "plain_text", text });

const app = new edge.SlackApp({
  env: { SLACK_SIGNING_SECRET: signingSecret, SLACK_BOT_TOKEN: token, SLACK_LOGGING_LEVEL: "ERROR" },
  authorize: async () => {
    const self = await client.auth.test();
    return { enterpriseId: undefined, teamId: self.team_id, team: self.team, url: self.url, botId: self.bot_id, botUserId: self.user_id, botToken: token, botScopes: [] };
  },
})
  .command(
    "/plan",
    async () => {},
    async ({ payload }) => {
      const element = { type: "plain_text_input", action_id: "words" };
      const blocks = [{ type: "input", block_id: "promise", label: plain("Promise"), element }];
      const view = { type: "modal", callback_id: "plan", title: plain("Plan"), submit: plain("Save"), blocks };
      await client.views.open({ trigger_id: payload.trigger_id, view });
    },
  )
  .command("/health", async ({ payload }) => `*All well* for ${payload.text}`)
  .view("plan", async ({ payload }) => {
    const words = payload.view.state.values.promise.words.value;
    if (words === "more") return { response_action: "errors", errors: { promise: "Name a number." } };
    hear("submitted", { words });
    return { response_action: "clear" };
  })
  .action(
    "done",
    async () => {},
    async ({ context }) => context.respond({ text: "Marked as done", replace_original: true }),
  )
  .event("app_home_opened", async ({ payload }) => {
    await client.views.publish({ user_id: payload.user, view: { type: "home", blocks: [{ type: "header", text: plain(`Home of ${payload.user}`) }] } });
  })
  .event("message", async ({ payload }) => hear("message", { text: payload.text }));

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const asked = new Request(`http://127.0.0.1${request.url}`, { method: "POST", headers: request.headers, body: Buffer.concat(parts) });
  const waiting = [];
  const answer = await app.run(asked, { waitUntil: (promise) => waiting.push(promise) });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
  await Promise.allSettled(waiting);
});

answerWith({
  call: ({ method, args }) => client.call(method, args),
  // In three calls: the client's own helper for them always goes to Slack's own address.
  upload: async ({ file, filename, title, channel_id }) => {
    const body = Buffer.from(file, "base64");
    const { upload_url, file_id } = await client.files.getUploadURLExternal({ filename, length: body.length });
    await fetch(upload_url, { method: "POST", body });
    return client.files.completeUploadExternal({ files: [{ id: file_id, title }], channel_id });
  },
});
server.listen(0, "127.0.0.1", () => tell({ heard: "ready", address: `http://127.0.0.1:${server.address().port}/` }));
