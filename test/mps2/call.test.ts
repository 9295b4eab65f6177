// The image in QEMU as a station among others: address, registration with a digest at kamailio, calls with baresip both ways, the door,
// and their ends. All that is asserted is seen from outside: by the peers, on the expander's pins, in the sound device.

import { match, ok, strictEqual } from "node:assert/strict";
import { budgetLines } from "../../tools/native/memory-budget";
import { marksBudgets, readMarks } from "../../tools/native/memory-marks";
import type { Bed } from "../interop/bed";
import { bothHear } from "../interop/conversation";
import { accountAt, doorSettings } from "../interop/door-settings";
import { interop } from "../interop/namespace";
import { Baresip, PERSON } from "../interop/peers/baresip";
import { Kamailio, PROXY } from "../interop/peers/kamailio";
import { buildImage, LAYOUTS, type Layout } from "./build";
import { addNetwork, Mps2Station, PEERS_ADDRESS } from "./station";

const PROXY_ADDRESS = `${PEERS_ADDRESS}:${PROXY.port}`;
const TEST_LIMIT_MS = 90_000;
const STEP_LIMIT_MS = 15_000;
const REGISTER_LIMIT_MS = 40_000;

function settings(...more: string[]): string {
  return doorSettings(...accountAt(PROXY_ADDRESS), ...more);
}

async function startRegistered(bed: Bed, layout: Layout, text: string, tcp = false) {
  await addNetwork(bed);
  const proxy = await Kamailio.start(bed, { ...PROXY, address: PEERS_ADDRESS, tcp });
  const person = await Baresip.start(bed, {
    ...{ ...PERSON, address: PEERS_ADDRESS },
    ...{ registrar: proxy.address, password: PROXY.users.person },
  });
  const station = await Mps2Station.start(bed, text, { layout });
  await station.booted();
  // The last of its addresses: the report before the calls is of all that the network brings.
  await station.board.hear(/network: IPv6/, REGISTER_LIMIT_MS);
  await proxy.registered("door", REGISTER_LIMIT_MS);
  return { proxy, person, station };
}

/** Both hear each other, and the person's digit opens the door and lets it close again. */
async function talk(bed: Bed, station: Mps2Station, person: Baresip): Promise<void> {
  const { board } = station;
  await bothHear(bed, station, person);
  strictEqual(await board.relay(0), false);
  await person.sendDigits("5");
  await board.until("the relay is energised", () => board.relay(0), STEP_LIMIT_MS);
  await board.until("the relay is at rest", async () => !(await board.relay(0)), STEP_LIMIT_MS);
}

/** Waits for the end of the board's call number `count`, which the person hung up. */
function ended({ board }: Mps2Station, count: number): Promise<void> {
  const calls = (): number => board.lines.filter((line) => / ended 2 0$/.test(line)).length;
  return board.until(`the end of call ${count}`, () => calls() === count, STEP_LIMIT_MS);
}

/** Lua's own stack and list of calls, which the first calls take (docs/memory.md). JerryScript has none in its heap. */
const LUA_STACK_OCTETS = 1024;

/** Calls allocate nothing, garbage included: what is in use after them is what boot left. */
function isFlat(boot: string, calls: string, stackOctets: number): void {
  const [before, after] = [readMarks(boot), readMarks(calls)];
  const growth = after.inUse - before.inUse;
  ok(Math.abs(growth) <= stackOctets, `${growth} octets more in use after the calls\n${boot}\n${calls}`);
  const allocated = after.allocated - before.allocated;
  ok(allocated * 1024 <= stackOctets, `${allocated} KiB allocated by the calls\n${boot}\n${calls}`);
}

const TITLES: { readonly [layout in Exclude<Layout, "codec">]: string } = {
  large: "large layout",
  small: "small layout",
  javascript: "JerryScript",
  an500: "Cortex-M7",
  an500JavaScript: "Cortex-M7, JerryScript",
};

for (const layout of ["large", "small", "javascript", "an500", "an500JavaScript"] as const) {
  interop(
    import.meta.url,
    `the MPS2 image in QEMU, ${TITLES[layout]}`,
    ["kamailio", "baresip", "qemu-system-arm"],
    (test) => {
      const say = (title: string): string => `${title} (${TITLES[layout]})`;

      test(
        say("gets its address by DHCP, registers, calls, talks, opens the door, is called, and ends in good order"),
        async (bed) => {
          const { proxy, person, station } = await startRegistered(bed, layout, settings());
          const { board } = station;
          ok(board.lines.some((line) => line.includes("network: IPv4 10.0.2.15")));
          const boot = await board.memoryReport(STEP_LIMIT_MS);
          await board.press(0);
          await person.event("CALL_ESTABLISHED", STEP_LIMIT_MS);
          await talk(bed, station, person);
          await person.hangUp();
          await ended(station, 1);
          await proxy.program.printed(/saw BYE .* from person/);
          person.events.length = 0;
          await person.dial(station.throughProxy(proxy.address));
          await person.event("CALL_ESTABLISHED", STEP_LIMIT_MS);
          await talk(bed, station, person);
          strictEqual(board.memory.soundState()?.inputLost, 0, "every sample of the microphone was fetched in time");
          await person.hangUp();
          await ended(station, 2);
          const calls = await board.memoryReport(STEP_LIMIT_MS);
          board.type("q");
          await board.hear(/ended in good order/, STEP_LIMIT_MS);
          const answers = await bed.messages(/^SIP\/2\.0 200 [\s\S]*\r\nTo: .*sip:door@[\s\S]*REGISTER/);
          strictEqual(/^Contact:/im.test(answers.at(-1) ?? ""), false, "the registration is taken back");
          budgetLines("after two calls", marksBudgets(readMarks(calls)));
          isFlat(boot, calls, LAYOUTS[layout].vm === "jerryscript" ? 0 : LUA_STACK_OCTETS);
          match(calls, /ethernet: 0 frames dropped/);
          board.type("r");
          await board.hear(
            /started by/,
            STEP_LIMIT_MS,
            board.lines.findIndex((line) => line.endsWith("good order")),
          );
          const starts = board.lines.filter((line) => line.includes("started by"));
          strictEqual(starts.length, 2);
          match(starts[1], /started by restart requested, restarts 1$/);
        },
        TEST_LIMIT_MS,
      );
    },
    async (context) => buildImage(context, layout),
  );
}

for (const layout of ["large", "small"] as const) {
  interop(
    import.meta.url,
    `the MPS2 image in QEMU, SIP over TCP, ${TITLES[layout]}`,
    ["kamailio", "baresip", "qemu-system-arm"],
    (test) => {
      test(
        `registers, calls and is called over TCP (${TITLES[layout]})`,
        async (bed) => {
          const text = settings("account.transport = tcp");
          const { proxy, person, station } = await startRegistered(bed, layout, text, true);
          const { board } = station;
          const boot = await board.memoryReport(STEP_LIMIT_MS);
          await board.press(0);
          await person.event("CALL_ESTABLISHED", STEP_LIMIT_MS);
          await talk(bed, station, person);
          await person.hangUp();
          await ended(station, 1);
          person.events.length = 0;
          await person.dial(station.throughProxy(proxy.address));
          await person.event("CALL_ESTABLISHED", STEP_LIMIT_MS);
          await talk(bed, station, person);
          await person.hangUp();
          await ended(station, 2);
          const calls = await board.memoryReport(STEP_LIMIT_MS);
          isFlat(boot, calls, LUA_STACK_OCTETS);
          budgetLines("after two calls", marksBudgets(readMarks(calls)));
        },
        TEST_LIMIT_MS,
      );
    },
    async (context) => buildImage(context, layout),
  );
}

interop(
  import.meta.url,
  "the MPS2 image in QEMU, SIP over TCP, when its proxy goes",
  ["kamailio", "baresip", "qemu-system-arm"],
  (test) => {
    test(
      "a proxy that is restarted in a call changes nothing for the two who talk, nor for its end (small layout)",
      async (bed) => {
        const { proxy, person, station } = await startRegistered(
          bed,
          "small",
          settings("account.transport = tcp"),
          true,
        );
        await station.board.press(0);
        await person.event("CALL_ESTABLISHED", STEP_LIMIT_MS);
        await proxy.program.stop();
        const again = await Kamailio.start(bed, { ...PROXY, address: PEERS_ADDRESS, tcp: true });
        await talk(bed, station, person);
        await person.hangUp();
        await ended(station, 1);
        await again.program.printed(/saw BYE .* from person/);
      },
      TEST_LIMIT_MS,
    );
  },
  async (context) => buildImage(context, "small"),
);
