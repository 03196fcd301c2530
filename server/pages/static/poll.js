// Keeps a page up to date: fetches the parts named `data-live` and puts in what has changed.
//
// <main data-poll="/phones/now" data-poll-every="2000">. What somebody is typing and where the
// keyboard is stay as they are. New elements with `data-say` are read out. Parts that the page has
// no place for make it show `data-more`; `data-still`, which says that nothing renews the page, is
// hidden. A page that cannot be renewed says so loudly, in its title too: what it shows may be wrong.
// `data-ended` is said, and nothing is shown any more, where the page itself has come to an end.
//
// Sends `live` with each answer and `stale` when there is none; `poll-now` asks for one at once.

const main = document.querySelector("[data-poll]");
const warning = document.querySelector("[data-stale]");
const announcer = document.querySelector("[data-announcer]");
const more = document.querySelector("[data-more]");
const PATIENCE_MS = 8000;
const SOONER_MS = 2000; // after a miss: a page that is out of date says so soon, or is not
const MISSES = 2;
const MOST_SAID = 3;
const STALE = "Not up to date: ";

let etag = "";
let misses = 0;
let heard = new Date();
let timer = 0;
let asking = false;
let again = false;
let title = null; // while it is stale: what the page was called before

function region(root, name) {
  return root.querySelector(`[data-live="${CSS.escape(name)}"]`);
}

function spoken(root) {
  return new Map([...root.querySelectorAll("[data-say][id]")].map((e) => [e.id, e.dataset.say]));
}

function put(fresh) {
  const before = spoken(document);
  const focused = document.activeElement;
  for (const part of fresh.querySelectorAll("[data-live]")) {
    const old = region(document, part.dataset.live);
    if (!old) more?.removeAttribute("hidden");
    if (!old || old.outerHTML === part.outerHTML) continue;
    const held = old.contains(focused);
    const keeper = old.closest("[data-keeps-focus]") ?? main;
    old.replaceWith(part.cloneNode(true));
    if (held) (document.getElementById(focused.id) ?? keeper).focus({ preventScroll: true });
  }
  announce([...spoken(document)].filter(([id]) => !before.has(id)).map(([, words]) => words));
}

function announce(news) {
  if (!news.length) return;
  const rest = news.length - MOST_SAID;
  const said = rest > 0 ? [...news.slice(0, MOST_SAID), `${rest} more.`] : news;
  announcer.textContent = said.join(" ");
}

function fresh() {
  misses = 0;
  heard = new Date();
  warning.hidden = true;
  if (title !== null && document.title.startsWith(STALE)) document.title = title;
  title = null;
  document.body.classList.remove("is-stale");
}

function missed(words) {
  misses += 1;
  if (!words && misses < MISSES) return;
  const at = heard.toLocaleTimeString("en-GB");
  const text = words ?? `Not up to date: nothing has come since ${at} by your clock. What you see may be wrong.`;
  if (warning.hidden || warning.textContent !== text) warning.textContent = text;
  warning.hidden = false;
  title ??= document.title;
  document.title = STALE + title;
  document.body.classList.add("is-stale");
  document.dispatchEvent(new CustomEvent("stale"));
}

async function ask() {
  const response = await fetch(main.dataset.poll, {
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: "error",
  });
  if (response.status === 401) return "out";
  if (response.status !== 304 && !response.ok) throw new Error(`answered ${response.status}`);
  const text = await response.text();
  if (response.status === 200) {
    put(new DOMParser().parseFromString(text, "text/html"));
    etag = response.headers.get("ETag") ?? "";
  }
  document.dispatchEvent(new CustomEvent("live", { detail: response.headers }));
  return "in";
}

function stop() {
  const { ended } = main.dataset;
  missed(ended ?? "You are signed out, so this page stands still. Sign in again.");
  if (ended) for (const part of document.querySelectorAll("[data-live]")) part.replaceChildren();
}

async function round() {
  if (asking) {
    again = true;
    return;
  }
  clearTimeout(timer);
  asking = true;
  let standing = "in";
  try {
    standing = await ask();
    fresh();
  } catch {
    missed();
  }
  asking = false;
  if (standing === "out") {
    stop();
  } else if (again) {
    again = false;
    round();
  } else {
    const every = misses ? Math.min(SOONER_MS, main.dataset.pollEvery) : main.dataset.pollEvery;
    timer = setTimeout(round, every * (0.9 + Math.random() * 0.2));
  }
}

if (main) {
  document.querySelector("[data-still]")?.setAttribute("hidden", "");
  document.addEventListener("poll-now", round);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) round();
  });
  timer = setTimeout(round, main.dataset.pollEvery);
}
