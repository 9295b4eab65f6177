// The Linux board's executables, with the program inside their VM, in real calls with baresip through kamailio and with linphonec: what
// the station of the desk does beside the same peers. RFC 3261, 3550, 4733, 7616.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { buildNative, builtProgram, NATIVE_VMS, type NativeVm, programImage, skipWithoutShell } from "../native/build";
import type { Bed } from "./bed";
import { bothHear } from "./conversation";
import { accountAt, doorSettings, PROXY_ADDRESS } from "./door-settings";
import { LinuxShell } from "./linux-shell";
import { interop } from "./namespace";
import { Baresip, PERSON } from "./peers/baresip";
import { Kamailio, PROXY } from "./peers/kamailio";
import { LINPHONE, Linphone } from "./peers/linphone";
import { until } from "./waiting";

/** Seconds from the release of the door to its end of the call; "0": it leaves the end to the person. */
function atProxy(hangsUpAfter: "0" | "1"): string {
  return doorSettings(...accountAt(PROXY_ADDRESS), `call.hang-up-after-release = ${hangsUpAfter}`);
}

/** A proxy, a person behind it, and a shell that has registered there with a digest. */
async function startAtProxy(bed: Bed, vm: NativeVm, text: string) {
  const proxy = await Kamailio.start(bed, PROXY);
  const person = await Baresip.start(bed, { ...PERSON, registrar: proxy.address, password: PROXY.users.person });
  const shell = await LinuxShell.start(bed, vm, text);
  await proxy.registered("door");
  await shell.program.printed(/ registration 2 200/);
  return { proxy, person, shell };
}

/** Both hear each other, and the person's digit opens the door and lets it close again. */
async function talk(bed: Bed, shell: LinuxShell, person: Baresip | Linphone): Promise<void> {
  await bothHear(bed, shell, person);
  await person.sendDigits("5");
  await until(() => shell.releases(0) === 1, "the relay");
  await until(() => shell.relay(0) === 0, "the relay at rest");
  deepStrictEqual([shell.releases(0), shell.releases(1)], [1, 0]);
}

/** The exit code is 0, the relay at rest, and the registrar has answered that nobody is registered any more. */
async function endsInGoodOrder(bed: Bed, shell: LinuxShell): Promise<void> {
  strictEqual(await shell.stop(), 0);
  await until(() => shell.relay(0) === 0, "the relay at rest");
  const answers = await bed.messages(/^SIP\/2\.0 200 [\s\S]*\r\nTo: .*sip:door@[\s\S]*REGISTER/);
  strictEqual(answers.length, 2, answers.join("\n"));
  deepStrictEqual(
    answers.map((answer) => /^Contact:/im.test(answer)),
    [true, false],
  );
}

for (const vm of NATIVE_VMS) {
  const prepare = async (context: Mocha.Context) => {
    buildNative(context);
    skipWithoutShell(context, vm, builtProgram(`doorline-linux-${vm}`));
    await programImage(context, vm);
  };
  const programs = ["kamailio", "baresip", "linphonec"];
  const define = (test: (title: string, body: (bed: Bed) => Promise<void>) => void) => {
    const say = (title: string) => `the ${vm} shell ${title}`;

    test(
      say("registers, calls, talks, opens the door, the person hangs up, and it deregisters at SIGTERM"),
      async (bed) => {
        const { proxy, person, shell } = await startAtProxy(bed, vm, atProxy("0"));
        await shell.press(0);
        await person.event("CALL_ESTABLISHED");
        await talk(bed, shell, person);
        await person.hangUp();
        await shell.program.printed(/ ended 2 0\n/);
        await proxy.program.printed(/saw BYE .* from person/);
        await endsInGoodOrder(bed, shell);
      },
    );

    test(say("is called, talks, opens the door, and hangs up after that"), async (bed) => {
      const { proxy, person, shell } = await startAtProxy(bed, vm, atProxy("1"));
      await person.dial(`sip:door@${proxy.address}`);
      await person.event("CALL_ESTABLISHED");
      await talk(bed, shell, person);
      await person.event("CALL_CLOSED");
      await proxy.program.printed(/saw BYE .* from door/);
      await endsInGoodOrder(bed, shell);
    });

    test(say("ends its call, its registration and the relay when it is ended while the door is open"), async (bed) => {
      const { person, shell } = await startAtProxy(bed, vm, atProxy("0").replace("pulse = 1", "pulse = 15"));
      await shell.press(0);
      await person.event("CALL_ESTABLISHED");
      await person.sendDigits("5");
      await until(() => shell.relay(0) === 1, "the relay");
      await endsInGoodOrder(bed, shell);
      await person.event("CALL_CLOSED");
    });

    test(say("calls a person over IPv6, talks, and opens the door"), async (bed) => {
      const person = await Linphone.start(bed, { ...LINPHONE, address: "::1" });
      const shell = await LinuxShell.start(bed, vm, doorSettings(`button.1.call = ${person.uri}`), "::1");
      await shell.press(0);
      await shell.program.printed(/ talking /);
      await talk(bed, shell, person);
      person.hangUp();
      await shell.program.printed(/ ended 2 0\n/);
      strictEqual(await shell.stop(), 0);
    });
  };
  interop(import.meta.url, `the Linux shell of ${vm}`, programs, define, prepare);
}
