// The image in QEMU over IPv6 alone: an address from router advertisements (RFC 4862), registration with a digest at kamailio, a call with
// linphonec, tones both ways, the door. Behind QEMU's network the peers see another address of the board, so that linphonec, as behind any NAT,
// sends voice to where it comes from, and it is the station that ends the call.

import { match, strictEqual } from "node:assert/strict";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { bothHear } from "../interop/conversation";
import { accountAt, doorSettings } from "../interop/door-settings";
import { interop } from "../interop/namespace";
import { Kamailio, PROXY } from "../interop/peers/kamailio";
import { LINPHONE, Linphone } from "../interop/peers/linphone";
import { STATION_HERTZ, STATION_LEVEL } from "../interop/station";
import { RATE, sine } from "../interop/tone";
import { buildImage, imageOf } from "./build";

const TEST_LIMIT_MS = 60_000;
const STEP_LIMIT_MS = 15_000;
const BOOT_LIMIT_MS = 30_000;
/** All of this network is the loopback interface's (RFC 3849). */
const PEERS_ADDRESS = "2001:db8::1";
/** Where QEMU's board has its address: nobody is there, but a route is, by which linphonec finds its own. */
const BOARD_NETWORK = "fec0::/64";
const TONE_SECONDS = 8;

interop(
  import.meta.url,
  "the MPS2 image in QEMU, IPv6",
  ["kamailio", "linphonec", "qemu-system-arm"],
  (test) => {
    test(
      "gets its address by router advertisement, registers, calls, talks and opens the door over IPv6 alone",
      async (bed) => {
        for (const args of [
          ["-6", "address", "add", `${PEERS_ADDRESS}/64`, "dev", "lo", "nodad"],
          ["-6", "route", "add", BOARD_NETWORK, "dev", "lo", "src", PEERS_ADDRESS],
        ]) {
          await bed.start({ name: "ip", command: "ip", args }).end;
        }
        const proxy = await Kamailio.start(bed, { ...PROXY, address: `[${PEERS_ADDRESS}]` });
        const person = await Linphone.start(bed, { ...LINPHONE, address: PEERS_ADDRESS, symmetric: true });
        const board = await EmulatedBoard.start({
          ...imageOf("large"),
          settings: doorSettings(
            ...accountAt(proxy.address),
            `button.1.call = ${person.uri}`,
            "call.hang-up-after-release = 1",
          ),
          ...{ address: "", udpPorts: [], nic: "user,ipv4=off" },
        });
        bed.atEnd(() => board.stop());
        board.memory.hear(sine(STATION_HERTZ, STATION_LEVEL, TONE_SECONDS));
        const line = await board.hear(/network: IPv6 fec0:/i, BOOT_LIMIT_MS);
        const own = board.lines[line].split(" ").at(-1)?.toLowerCase() ?? "";
        await proxy.registered("door", BOOT_LIMIT_MS);
        await board.press(0);
        await board.until("the call", () => board.memory.soundState()?.isInputOn === true, STEP_LIMIT_MS);
        await bothHear(bed, { heard: () => board.memory.played(2 * RATE) }, person);
        person.sendDigits("5");
        await board.until("the relay is energised", () => board.relay(0), STEP_LIMIT_MS);
        await person.says(/ended|terminated/i, STEP_LIMIT_MS);
        await board.until("the relay is at rest", async () => !(await board.relay(0)), STEP_LIMIT_MS);
        const [invite] = await bed.messages(/^INVITE /);
        match(invite.toLowerCase(), new RegExp(`^via: sip/2.0/udp \\[${own}\\]`, "m"));
        match(invite.toLowerCase(), new RegExp(`^c=in ip6 ${own}`, "m"));
        strictEqual(board.lines.filter((text) => text.includes("started by")).length, 1);
      },
      TEST_LIMIT_MS,
    );
  },
  async (context) => buildImage(context, "large"),
);
