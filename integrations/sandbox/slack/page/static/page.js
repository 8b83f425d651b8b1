// What the workspace page does in the browser: act, and redraw when the workspace has changed.
"use strict";

const PARTS = ["top", "sidebar", "main", "thread", "modal", "commands"];
const person = () => document.body.dataset.person;
const $ = (selector, root = document) => root.querySelector(selector);

async function act(name, given = {}) {
  const response = await fetch(`/sandbox/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person: person(), ...given }),
  });
  const answer = await response.json();
  if (!answer.ok) notice(answer.error);
  return answer;
}

let noticeTimer;
function notice(words) {
  const box = $("#notice");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (box.hidden = true), 5000);
}

// Drawing ---------------------------------------------------------------------------------------

const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80;
const toEnd = (box) => (box.scrollTop = box.scrollHeight);
let drawing = null;
let next = null;
let nextJumps = false;

// One at a time. Whoever asks meanwhile waits for one that begins after they asked.
function redraw({ jump = false } = {}) {
  if (!drawing) {
    drawing = draw(jump).finally(() => (drawing = null));
    return drawing;
  }
  nextJumps ||= jump;
  next ??= drawing
    .catch(() => {})
    .then(() => {
      const again = { jump: nextJumps };
      [next, nextJumps] = [null, false];
      return redraw(again);
    });
  return next;
}

async function draw(jump) {
  const response = await fetch(location.href);
  if (response.ok) put(new DOMParser().parseFromString(await response.text(), "text/html"), jump);
}

function put(drawn, jump) {
  const ends = new Map([...document.querySelectorAll("[data-scroll]")].map((box) => [box.dataset.key, isAtEnd(box)]));
  const modalBefore = $("[data-modal]")?.dataset.view;
  document.title = drawn.title;
  for (const [name, value] of Object.entries(drawn.body.dataset)) document.body.dataset[name] = value;
  for (const id of PARTS) morph(document.getElementById(id), drawn.getElementById(id));
  for (const box of document.querySelectorAll("[data-scroll]")) {
    if (jump || ends.get(box.dataset.key) !== false) toEnd(box);
  }
  const modal = $("[data-modal]");
  if (modal && modal.dataset.view !== modalBefore) ($("[autofocus]", modal) || $("[data-field]", modal) || $("button", modal)).focus();
  else if (!modal && modalBefore) $("#composer")?.focus();
  jumping.narrow();
  markRead();
}

function openMenu(open) {
  document.body.classList.toggle("menu-open", open);
  $("#menu").setAttribute("aria-expanded", String(open));
}

function markRead() {
  const { channel, tab } = document.body.dataset;
  if (channel && tab !== "log" && document.visibilityState === "visible") act("read", { channel });
}

async function goTo(address, { push = true } = {}) {
  if (push) history.pushState(null, "", address);
  const before = `${person()} ${document.body.dataset.tab}`;
  openMenu(false);
  jumping.clear();
  $(".new-chat").open = false;
  await redraw({ jump: true });
  if (before !== `${person()} ${document.body.dataset.tab}`) arrive();
  $("#composer")?.focus();
}

// Slack tells the app when a person opens one of its two tabs.
function arrive() {
  const { tab } = document.body.dataset;
  if (tab === "home" || tab === "messages") act("home", { tab });
}

// Acting ----------------------------------------------------------------------------------------

function placeOf(element) {
  const view = element.closest("[data-view]");
  if (view) return { view: view.dataset.view };
  const message = element.closest("[data-message-ts]");
  return { channel: message.dataset.channel, ts: message.dataset.messageTs };
}

function valueOf(field) {
  const kind = field.dataset.kind;
  if (kind === "checkboxes") return [...field.querySelectorAll("input:checked")].map((box) => box.value);
  if (kind === "radio_buttons") return field.querySelector("input:checked")?.value || "";
  if (kind === "file_input") return JSON.parse(field.dataset.chosen);
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  if (kind === "datetimepicker") {
    return field.value ? Date.parse(`${field.value}Z`) / 1000 - Number(field.dataset.offset) : "";
  }
  if (field.hasAttribute("data-external")) {
    const known = [...field.list.options].find((option) => option.value === field.value);
    const value = known ? known.dataset.value : field.value;
    return kind === "multi_external_select" ? (value ? [value] : []) : value;
  }
  return field.value;
}

function valuesIn(container) {
  const values = {};
  for (const field of container.querySelectorAll("[data-field]")) {
    values[`${field.dataset.blockId}/${field.dataset.actionId}`] = valueOf(field);
  }
  return values;
}

async function useShortcut(button) {
  const message = button.closest("[data-message-ts]");
  const answer = await act("shortcut", { callback_id: button.dataset.shortcut, ...(message ? placeOf(button) : {}) });
  if (answer.ok && answer.verdict !== "acknowledged") notice(`The app did not answer (${answer.verdict}).`);
}

async function press(element, chosen) {
  if (!(await confirmed(element))) return;
  const container = element.closest("[data-view], [data-message-ts]");
  element.setAttribute("aria-busy", "true");
  const answer = await act("press", {
    ...placeOf(element),
    action_id: element.dataset.actionId,
    block_id: element.dataset.blockId,
    chosen: chosen ?? element.dataset.chosen ?? null,
    values: valuesIn(container),
  });
  element.removeAttribute("aria-busy");
  if (answer.ok && answer.verdict !== "acknowledged") notice(`The app did not answer (${answer.verdict}).`);
}

function confirmed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true);
  const asked = JSON.parse(element.dataset.confirm);
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const add = (tag, words, name = "") => {
    const made = document.createElement(tag);
    made.textContent = words;
    made.className = name;
    dialog.append(made);
    return made;
  };
  add("h2", asked.title);
  add("p", asked.text);
  return new Promise((resolve) => {
    const end = (answer) => () => {
      dialog.remove();
      resolve(answer);
    };
    add("button", asked.deny, "button").onclick = end(false);
    add("button", asked.confirm, `button ${asked.style || "primary"}`).onclick = end(true);
    dialog.oncancel = end(false);
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function uploaded(field) {
  const ids = [];
  for (const file of field.files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    ids.push((await act("upload", { name: file.name, content: btoa(binary) })).file);
  }
  return ids;
}

// Files are sent as soon as they are picked; what is submitted is their ids.
async function upload(field) {
  const button = $("button[type=submit]", field.form);
  button.disabled = true;
  field.dataset.chosen = JSON.stringify(await uploaded(field));
  button.disabled = false;
}

// What is picked below a conversation stands in it at once, under the words typed so far.
async function attach(field) {
  const box = $("textarea", field.form);
  const text = box.value.trim();
  field.form.setAttribute("aria-busy", "true");
  const files = await uploaded(field);
  field.value = "";
  if (files.length) {
    await act("say", { channel: document.body.dataset.channel, text, files });
    box.value = "";
    grow(box);
  }
  field.form.removeAttribute("aria-busy");
  document.querySelectorAll("[data-scroll]").forEach(toEnd);
}

async function submit(form) {
  const button = $("button[type=submit]", form);
  button.setAttribute("aria-busy", "true");
  await act("submit", { values: valuesIn(form) });
  button.removeAttribute("aria-busy");
  $("[data-modal] .has-error [data-field]")?.focus();
}

async function send(form) {
  const box = $("textarea", form);
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  grow(box);
  hints.hide();
  const { channel } = document.body.dataset;
  const thread = form.dataset.threadTs;
  if (text.startsWith("/") && !thread) {
    form.setAttribute("aria-busy", "true");
    await act("command", { channel, text });
    form.removeAttribute("aria-busy");
  } else {
    await act("say", { channel, text, ...(thread ? { thread_ts: thread } : {}) });
  }
  document.querySelectorAll("[data-scroll]").forEach(toEnd);
}

function grow(box) {
  box.rows = Math.min(8, box.value.split("\n").length);
}

// Slash command hints ---------------------------------------------------------------------------

const hints = (() => {
  let at = 0;
  const box = () => $("#hints");
  const options = () => [...box().children];

  function show(input) {
    const typed = input.value;
    const known = JSON.parse($("#commands").textContent);
    const found = /^\/\S*$/.test(typed) ? known.filter((each) => each.name.startsWith(typed)) : [];
    box().replaceChildren(...found.map(line));
    at = 0;
    box().hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark(input);
  }

  function line(command, place) {
    const option = document.createElement("div");
    option.id = `hint-${place}`;
    option.setAttribute("role", "option");
    option.dataset.fill = `${command.name} `;
    for (const [tag, words] of [["b", command.name], ["span", command.usage], ["small", command.description]]) {
      const part = document.createElement(tag);
      part.textContent = words;
      option.append(part);
    }
    return option;
  }

  function mark(input) {
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (box().hidden) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `hint-${at}`);
  }

  function hide() {
    const shown = box();
    if (shown) shown.hidden = true;
    $("#composer")?.setAttribute("aria-expanded", "false");
    $("#composer")?.removeAttribute("aria-activedescendant");
  }

  // True when the key was meant for the list.
  function key(event) {
    if (!box() || box().hidden) return false;
    const chosen = options()[at]?.dataset.fill;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : options().length - 1)) % options().length;
      mark(event.target);
    } else if (event.key === "Tab" || (event.key === "Enter" && chosen.trim() !== event.target.value.trim())) {
      fill(chosen);
    } else if (event.key === "Escape") hide();
    else return false;
    return true;
  }

  return { show, hide, key };
})();

function fill(text) {
  const box = $("#composer");
  box.value = text;
  box.focus();
  hints.hide();
}

// Listening -------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  let found;
  if (document.body.classList.contains("menu-open") && !hit("#sidebar, #menu")) {
    event.preventDefault();
    openMenu(false);
    return;
  }
  if (useTool(event.target)) return;
  if ((found = hit("[data-press]"))) {
    if (!found.href) event.preventDefault();
    found.closest("details.overflow")?.removeAttribute("open");
    press(found);
  } else if ((found = hit("[data-react]"))) {
    const message = found.closest("[data-message-ts]");
    act("react", { channel: message.dataset.channel, ts: message.dataset.messageTs, name: found.dataset.react });
  } else if ((found = hit("[data-shortcut]"))) useShortcut(found);
  else if (hit("[data-close-view]")) act("close");
  else if (hit("[data-attach]")) $("[data-attached]").click();
  else if (hit("[data-slash]")) {
    fill("/");
    hints.show($("#composer"));
  } else if ((found = hit("[data-fill]"))) fill(found.dataset.fill);
  else if ((found = hit("[data-wind-hours]"))) act("clock", { hours: Number(found.dataset.windHours) });
  else if ((found = hit("[data-wind-to]"))) act("clock", { instant: found.dataset.windTo });
  else if (hit("#menu")) openMenu(!document.body.classList.contains("menu-open"));
  else if ((found = hit("a[href^='?']")) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    goTo(found.getAttribute("href"));
  } else document.querySelectorAll("details.overflow[open]").forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches("[data-modal]")) submit(event.target);
  else if (event.target.matches("[data-composer]")) send(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-files]")) upload(event.target);
  if (event.target.matches("[data-attached]")) attach(event.target);
  const field = event.target.closest("[data-dispatches]");
  const waitsForEnter = field?.matches("input[type=text], input[type=email], input[type=url], textarea");
  if (field && (!waitsForEnter || field.hasAttribute("data-external"))) press(field, valueOf(field));
});

let typing;
document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.matches("[data-composer] textarea")) {
    grow(box);
    if (box.id === "composer") hints.show(box);
  } else if (box.matches("[data-external]") && box.value.length >= Number(box.dataset.least)) {
    clearTimeout(typing);
    typing = setTimeout(() => suggest(box), 250);
  }
});

async function suggest(box) {
  const answer = await act("options", {
    ...placeOf(box),
    action_id: box.dataset.actionId,
    block_id: box.dataset.blockId,
    typed: box.value,
  });
  box.list.replaceChildren(
    ...(answer.options || []).map((each) => {
      const option = document.createElement("option");
      option.value = each.text.text;
      option.dataset.value = each.value;
      return option;
    }),
  );
}

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (box.matches("[data-composer] textarea")) {
    if (box.id === "composer" && hints.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  } else if (event.key === "Enter" && box.matches("input[data-dispatches]")) {
    event.preventDefault();
    press(box, valueOf(box));
  }
  const modal = $("[data-modal]");
  if (event.key === "Escape" && !modal && !event.defaultPrevented) leave();
  if (!modal || $("dialog[open]")) return;
  if (event.key === "Escape") act("close");
  if (event.key === "Tab") keepInside(modal, event);
});

// Escape leaves what is on top: the menu, an open list, the thread.
function leave() {
  const opened = $("details.overflow[open], details.new-chat[open]");
  if (document.body.classList.contains("menu-open")) openMenu(false);
  else if (opened) {
    opened.removeAttribute("open");
    $("summary", opened).focus();
  } else $("[data-close-thread]")?.click();
}

function keepInside(modal, event) {
  const stops = [...modal.querySelectorAll("button, input, select, textarea, a[href], summary")].filter((each) => !each.disabled);
  const first = stops[0];
  const last = stops[stops.length - 1];
  if (event.shiftKey ? document.activeElement === first : document.activeElement === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

window.addEventListener("popstate", () => goTo(location.href, { push: false }));
document.addEventListener("visibilitychange", markRead);

document.querySelectorAll("[data-scroll]").forEach(toEnd);
document.addEventListener("load", (event) => {
  const box = event.target.matches?.("img.picture") && event.target.closest("[data-scroll]");
  if (box && box.scrollHeight - box.scrollTop - box.clientHeight < 600) toEnd(box);
}, true);
markRead();
arrive();
new EventSource("/page/updates").onmessage = (event) => {
  if (event.data !== document.body.dataset.version) redraw();
};
document.body.dataset.ready = "true";
