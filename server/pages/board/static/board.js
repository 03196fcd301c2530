// The board's own: the title of its tab counts the alarms, and a sound for a new one, if wanted.
//
// The sound is made by the browser itself, two notes three times; it is off until somebody turns it
// on here, and a browser that has just been opened stays silent until it is touched once.

const button = document.querySelector("[data-sound]");
const word = document.querySelector("[data-sound-word]");
const KEY = "wayhome-sound";
const NOTES_HZ = [880, 660];
const NOTE_S = 0.18;
const TIMES = 3;

let audio = null;
let known = new Set(alarms());

function alarms() {
  return [...document.querySelectorAll("article.alarm")].map((card) => card.id);
}

function wanted() {
  return localStorage.getItem(KEY) === "on";
}

function ready() {
  audio ??= new AudioContext();
  return audio.resume();
}

function sound() {
  const start = audio.currentTime;
  for (let n = 0; n < TIMES * NOTES_HZ.length; n += 1) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.2;
    note.frequency.value = NOTES_HZ[n % NOTES_HZ.length];
    note.connect(volume).connect(audio.destination);
    note.start(start + n * NOTE_S);
    note.stop(start + (n + 1) * NOTE_S);
  }
}

function show() {
  const waits = wanted() && audio?.state !== "running";
  button.setAttribute("aria-pressed", String(wanted()));
  word.textContent = wanted() ? (waits ? "on, once you click somewhere" : "on") : "off";
}

function titled() {
  const title = document.querySelector("[data-title]")?.dataset.title;
  if (title) document.title = `${title} - Wayhome`;
}

button.hidden = false;
button.addEventListener("click", async () => {
  localStorage.setItem(KEY, wanted() ? "off" : "on");
  await ready();
  if (wanted()) sound();
  show();
});
document.addEventListener("pointerdown", () => wanted() && ready().then(show));
document.addEventListener("keydown", () => wanted() && ready().then(show));
document.addEventListener("live", () => {
  const now = alarms();
  const fresh = now.some((id) => !known.has(id));
  known = new Set(now);
  titled();
  if (fresh && wanted() && audio?.state === "running") sound();
});
show();
