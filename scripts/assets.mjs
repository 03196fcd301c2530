// Builds what the managers' pages load from node_modules into server/pages/static, with a manifest
// of hashes. Run by `make assets`; the result is committed, so that installing never needs Node.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const FROM = "node_modules/nhsuk-frontend/dist/nhsuk";
const TO = "server/pages/static";
const AXE_TO = "tests/browser/axe";
const SOURCE_MAP = /\/[/*]# sourceMappingURL=.*$/ms;

function version(name) {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
}

function styles() {
  const quiet = { style: "compressed", loadPaths: ["node_modules"], quietDeps: true, charset: false };
  const built = compile("server/pages/style/nhsuk.scss", quiet).css;
  return `/* nhsuk-frontend ${version("nhsuk-frontend")}, MIT, see nhsuk.LICENCE.txt */\n${built}\n`;
}

// The bundle exports its parts; ours is to start them all, in the one file that pages load.
function script() {
  const bundle = readFileSync(`${FROM}/nhsuk-frontend.min.js`, "utf8");
  const own = bundle.replace(SOURCE_MAP, "").replace(/export\{[^}]*\};?\s*$/, "");
  if (own.length === bundle.length || !/function initAll\(/.test(own)) {
    throw new Error("nhsuk-frontend is packed in another way than this script knows");
  }
  const head = `/* nhsuk-frontend ${version("nhsuk-frontend")}, MIT, see nhsuk.LICENCE.txt */`;
  const begin = 'document.body.classList.add("js-enabled","nhsuk-frontend-supported");';
  return `${head}\n${own.trim()}\n${begin}initAll(document);\n`;
}

// The few drawings that the style sheet names, beside it.
function drawings(css) {
  const names = [...css.matchAll(/url\("([\w.-]+\.svg)"\)/g)].map(([, name]) => name);
  const read = (name) => readFileSync(`${FROM}/assets/images/${name}`, "utf8");
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, read(name)]));
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  const manifest = {};
  for (const [name, data] of Object.entries(files)) {
    writeFileSync(`${folder}/${name}`, data);
    manifest[name] = sha256(data);
  }
  writeFileSync(`${folder}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

const css = styles();
write(TO, {
  "nhsuk.css": css,
  ...drawings(css),
  "nhsuk.js": script(),
  "nhsuk.LICENCE.txt": readFileSync("server/pages/style/nhsuk.LICENCE.txt", "utf8"),
});
write(AXE_TO, {
  "axe.min.js": readFileSync("node_modules/axe-core/axe.min.js", "utf8"),
  "LICENSE.txt": readFileSync("node_modules/axe-core/LICENSE", "utf8"),
});
