// Runs programs of the npm packages for the scripts beside this file: with the script's own input and output, ended when
// the script is ended.

import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the project. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Runs Node.js on a file below the root.
 * @param nodeOptions options of Node.js itself, such as "--expose-gc"
 * @returns a promise of the exit code
 */
export function runNode(nodeOptions, file, fileArguments, environment = {}) {
  return run(process.execPath, [...nodeOptions, path.join(root, file), ...fileArguments], environment);
}

/** Runs a program in the root. Returns a promise of its exit code; 1 when a signal ended it. */
export function run(program, programArguments, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArguments, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    const forward = (signal) => child.kill(signal);
    process.once("SIGINT", forward);
    process.once("SIGTERM", forward);
    child.on("error", reject);
    child.on("exit", (code) => {
      process.off("SIGINT", forward);
      process.off("SIGTERM", forward);
      resolve(code ?? 1);
    });
  });
}

/** The option that lets Node.js load TypeScript files. */
export const TYPESCRIPT = ["--import", "tsx"];
