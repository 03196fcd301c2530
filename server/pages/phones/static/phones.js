// The clock that ticks, and forms that are sent without leaving the page.

const clock = document.querySelector("[data-clock]");
const face = document.querySelector("[data-clock-face]");
const DAY_S = 86400;

let seconds = Number(clock.dataset.seconds);
let rate = Number(clock.dataset.rate);
let since = performance.now();

function tick() {
  const now = (seconds + ((performance.now() - since) / 1000) * rate) % DAY_S;
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const words = `${two(now / 3600)}:${two((now % 3600) / 60)}`;
  if (face.textContent !== words) face.textContent = words;
}

document.addEventListener("live", (event) => {
  const told = (event.detail.get("Wayhome-Clock") ?? "").split(" ").map(Number);
  if (told.length !== 2) return;
  [seconds, rate] = told;
  since = performance.now();
  tick();
});

// A server that was started anew has another token; the parts that change bring it along.
document.addEventListener("live", () => {
  const token = document.querySelector("[data-live] [name=token]")?.value;
  if (!token) return;
  for (const field of document.querySelectorAll("[name=token]")) field.value = token;
});

// A clock that went on by itself would look as if all were well.
document.addEventListener("stale", () => {
  rate = 0;
});

async function send(form, button) {
  const data = new URLSearchParams(new FormData(form));
  if (button?.name) data.append(button.name, button.value);
  const response = await fetch(form.action, {
    method: "POST",
    body: data,
    headers: { "Wayhome-Quiet": "1" },
    signal: AbortSignal.timeout(8000),
  });
  if (response.status !== 204) throw new Error(`answered ${response.status}`);
}

function say(form, words) {
  const fault = form.closest("article")?.querySelector("[data-fault]");
  if (fault) fault.textContent = words;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-quiet]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const typed = form.elements.namedItem("body");
  try {
    await send(form, event.submitter);
    if (typed) typed.value = "";
    say(form, "");
  } catch {
    say(form, "Not sent. Is the server still running? Try again.");
  }
  form.removeAttribute("aria-busy");
  document.dispatchEvent(new CustomEvent("poll-now"));
});

setInterval(tick, 250);
