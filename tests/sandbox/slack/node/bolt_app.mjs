// Slack's own JavaScript framework over Socket Mode, as its documentation has one write it.
import bolt from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { answerWith, tell } from "./wire.mjs";

const [address, token, appToken] = process.argv.slice(2);
const clientOptions = { slackApiUrl: `${address}/api/` };
const app = new bolt.App({ token, appToken, socketMode: true, clientOptions, logLevel: bolt.LogLevel.ERROR });
const hear = (heard, more) => tell({ heard, ...more });
const plain = (text) => ({ type: "plain_text", text });
const button = (action_id, text) => ({ type: "button", action_id, text: plain(text), value: action_id });

const modal = (title, more = {}) => ({
  type: "modal",
  callback_id: "plan",
  title: plain(title),
  submit: plain("Save"),
  blocks: [
    { type: "input", block_id: "promise", label: plain("Promise"), element: { type: "plain_text_input", action_id: "words" } },
    {
      type: "input",
      block_id: "account",
      optional: true,
      label: plain("Account"),
      element: { type: "external_select", action_id: "account", min_query_length: 1 },
    },
    { type: "actions", block_id: "more", elements: [button("deeper", "Deeper"), button("rename", "Rename")] },
  ],
  ...more,
});

app.command("/plan", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: modal("Plan", { notify_on_close: true }) });
});

app.command("/health", async ({ ack, command, respond }) => {
  await ack();
  await respond({ text: `*All well* for ${command.text}`, response_type: "ephemeral" });
});

app.command("/share", async ({ ack, command }) => ack({ text: command.text, response_type: "in_channel" }));

app.action("deeper", async ({ ack, body, client }) => {
  await ack();
  try {
    await client.views.push({ trigger_id: body.trigger_id, view: modal("Deeper") });
  } catch (error) {
    hear("refused", { error: error.data.error });
  }
});

app.action("rename", async ({ ack, body, client }) => {
  await ack();
  const { id, hash } = body.view;
  await client.views.update({ view_id: id, hash, view: modal("Renamed") });
  try {
    await client.views.update({ view_id: id, hash, view: modal("Again") });
  } catch (error) {
    hear("refused", { error: error.data.error });
  }
});

app.options("account", async ({ ack, options }) => ack({ options: [{ text: plain(`Acme ${options.value}`), value: "acme" }] }));

app.view("plan", async ({ ack, view }) => {
  const words = view.state.values.promise.words.value;
  if (words === "more") return ack({ response_action: "errors", errors: { promise: "Name a number." } });
  hear("submitted", { words });
  return ack({ response_action: "clear" });
});

app.view({ callback_id: "plan", type: "view_closed" }, async ({ ack, body }) => {
  await ack();
  hear("closed", { cleared: body.is_cleared });
});

app.shortcut("plan_it", async ({ ack, shortcut, client }) => {
  await ack();
  const { type, message } = shortcut;
  hear("shortcut", { type, about: message?.text ?? null });
  await client.views.open({ trigger_id: shortcut.trigger_id, view: modal("Plan it") });
});

app.action("done", async ({ ack, respond }) => {
  await ack();
  await respond({ text: "Marked as done", replace_original: true });
});

app.event("app_home_opened", async ({ event, client }) => {
  if (event.tab !== "home") return;
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks: [{ type: "header", text: plain(`Home of ${event.user}`) }] } });
});

app.event("app_mention", async ({ event, say }) => say({ text: "Here I am", thread_ts: event.ts }));
app.event("reaction_added", async ({ event }) => hear("reaction", { name: event.reaction, by: event.user }));
app.message(async ({ message }) => hear("message", { text: message.text, subtype: message.subtype ?? null }));
app.error(async (error) => hear("error", { words: error.message }));

answerWith({
  call: ({ method, args }) => app.client.apiCall(method, args),
  upload: (given) => app.client.files.uploadV2({ ...given, file: Buffer.from(given.file, "base64") }),
  pages: async ({ method, args, key }) => {
    const found = [];
    for await (const page of app.client.paginate(method, args)) found.push(page[key].length);
    return found;
  },
  with_token: async ({ token: other, method }) => new WebClient(other, clientOptions).apiCall(method),
  // The client waits as long as a 429 tells it to, and says that it does.
  patient: async ({ method, args }) => {
    const client = new WebClient(token, clientOptions);
    let waited = null;
    client.on("rate_limited", (seconds) => (waited = seconds));
    const answer = await client.apiCall(method, args);
    return { ok: answer.ok, waited };
  },
  proud: async ({ method, args }) => new WebClient(token, { ...clientOptions, rejectRateLimitedCalls: true }).apiCall(method, args),
  once: async ({ method, args }) => new WebClient(token, { ...clientOptions, retryConfig: { retries: 0 } }).apiCall(method, args),
});

await app.start();
tell({ heard: "ready" });
