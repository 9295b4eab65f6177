// Runs a script of the project with its npm packages in place: installs them first when they are missing or are not those
// of the lock file. `npm start` and `npm test` work on a fresh clone because of it. Plain Node.js, no packages.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;
  } catch {
    return {};
  }
}

/** Whether every package of the lock file that this system needs is installed in the locked version. */
function isInstalled() {
  const installed = readLock("node_modules/.package-lock.json");
  return Object.entries(readLock("package-lock.json")).every(
    ([name, wanted]) => name === "" || wanted.optional === true || installed[name]?.version === wanted.version,
  );
}

function install() {
  console.error("Installing the npm packages of the lock file …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    console.error("npm ci failed; the packages are not complete.");
    process.exit(1);
  }
}

const [script, ...scriptArguments] = process.argv.slice(2);
if (script === undefined) {
  console.error("usage: node tools/with-packages.mjs <script> [arguments]");
  process.exit(2);
}
if (!isInstalled()) {
  install();
}

const child = spawn(process.execPath, [path.join(root, script), ...scriptArguments], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + (signal === "SIGINT" ? 2 : 15);
});
