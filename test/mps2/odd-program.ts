// Programs that no one would ship: each does what a test says, and nothing else.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createLuaImage } from "../../tools/build/lua-image";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { imageOf, type Layout } from "./build";

const POINTER_OCTETS = 4;

/** Lua that tells the board what a program tells which has registered: that it is a healthy one. */
export const REGISTERED = "native:logEvent(2, 2, 200)";

/**
 * A program that boots, and then feeds the watchdog and does what a text says, a hundred times a second.
 * @param polls Lua, at each poll
 * @param compiler luac5.4
 * @param boot Lua, at boot, where `native` is the board
 * @param layout of the board that it is for
 * @return the image's file
 */
export function programThat(
  polls: string,
  compiler: string,
  directory: string,
  boot = "",
  buildId = "fault",
  layout: Layout = "large",
): string {
  const source = path.join(directory, `${buildId}.lua`);
  const image = path.join(directory, `${buildId}.image`);
  writeFileSync(
    source,
    `local native
    return { createNativeDevice = function(given) native = given; ${boot} return {} end, startDevice = function() end,
      pollDevice = function() native.watchdogFeed() do ${polls} end return 10 end, stopDevice = function() end, isStopped = function() return true end }`,
  );
  execFileSync(compiler, ["-s", "-o", `${source}c`, source]);
  const { octets } = createLuaImage(readFileSync(`${source}c`), POINTER_OCTETS);
  writeFileSync(image, writeProgram(ProgramForm.LUA_IMAGE, octets, { board: imageOf(layout).name, buildId }));
  return image;
}
