// Ways to keep what is shown only once. The keys are there only where they can work.
const keys = document.querySelector("[data-keep]");
const codes = [...document.querySelectorAll(".codes li")].map((item) => item.textContent.trim());
const copy = keys.querySelector("[data-copy]");

keys.hidden = false;
copy.hidden = !navigator.clipboard;
keys.querySelector("[data-print]").addEventListener("click", () => window.print());
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(codes.join("\n"));
  keys.querySelector("[role=status]").textContent = "Copied.";
});
