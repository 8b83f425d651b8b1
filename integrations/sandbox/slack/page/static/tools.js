// What stands beside the conversation: colours, the introduction, jumping, troubles to order.
// Loaded before the page is drawn, so that it never flashes in the wrong colours.
"use strict";

const THEMES = ["auto", "light", "dark"];
const kept = {
  get: (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set: (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // A browser that keeps nothing still shows it.
    }
  },
};

function remember(name, value) {
  document.documentElement.dataset[name] = value;
  kept.set(name, value);
}

document.documentElement.dataset.theme = THEMES.includes(kept.get("theme")) ? kept.get("theme") : "auto";
document.documentElement.dataset.intro = kept.get("intro") === "read" ? "read" : "unread";

const nextTheme = () => THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];

// Jumping ---------------------------------------------------------------------------------------

const jumping = {
  entries: () => [...document.querySelectorAll("#sidebar section:not(.behind) a.entry:not([data-chat-with])")],

  narrow() {
    const box = document.getElementById("jump");
    const wanted = box.value.trim().toLocaleLowerCase();
    for (const entry of jumping.entries()) {
      entry.hidden = Boolean(wanted) && !entry.textContent.toLocaleLowerCase().includes(wanted);
    }
    for (const section of document.querySelectorAll("#sidebar section:not(.behind)")) {
      section.hidden = Boolean(wanted) && ![...section.querySelectorAll("a.entry:not([data-chat-with])")].some((entry) => !entry.hidden);
    }
  },

  clear() {
    const box = document.getElementById("jump");
    box.value = "";
    jumping.narrow();
  },

  // Up and down walk through what is left; enter goes to the first of it.
  key(event) {
    const left = jumping.entries().filter((entry) => !entry.hidden);
    const at = left.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && at < left.length - 1) left[at + 1].focus();
    else if (event.key === "ArrowUp" && at > 0) left[at - 1].focus();
    else if (event.key === "ArrowUp" && at === 0) document.getElementById("jump").focus();
    else if (event.key === "Enter" && at < 0 && left.length) left[0].click();
    else if (event.key === "Escape" && event.target.id === "jump") {
      jumping.clear();
      document.getElementById("composer")?.focus();
    } else return false;
    return true;
  },
};

// Pressing --------------------------------------------------------------------------------------

// True when the click was meant for one of these.
function useTool(target) {
  const hit = (selector) => target.closest(selector);
  let found;
  if (hit("[data-theme-button]")) remember("theme", nextTheme());
  else if ((found = hit("button[data-intro]"))) {
    remember("intro", found.dataset.intro);
    openMenu(false);
  } else if ((found = hit("[data-trouble]"))) act("faults", JSON.parse(found.dataset.trouble));
  else if ((found = hit("[data-presence]"))) act("presence", { state: found.dataset.presence });
  else return false;
  return true;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-limits]")) act("limits", { scale: event.target.checked ? 1 : null });
  if (event.target.matches("[data-show]")) document.body.dataset.show = event.target.value;
});
document.addEventListener("input", (event) => {
  if (event.target.id === "jump") jumping.narrow();
});
document.addEventListener("keydown", (event) => {
  const asks = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (asks && !document.querySelector("[data-modal], dialog[open]")) {
    event.preventDefault();
    openMenu(true);
    document.getElementById("jump").select();
  } else if (event.target.closest?.("#sidebar") && jumping.key(event)) event.preventDefault();
});
