// Refer-To: whom a transfer is to call, and which dialog that call replaces. Nothing of it may become a header line of its own.

import { createFixedText, type FixedText } from "../../firmware/bytes/fixed-text";
import { parseReferTo } from "../../firmware/sip/refer-to";
import { Status } from "../../firmware/sip/status";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const target = createFixedText(64);
const replaces = createFixedText(64);

function textIn(text: FixedText): string {
  return textOf(text.bytes, 0, text.length);
}

/** "target|replaces", or the status. */
function read(value: string): string {
  const bytes = bytesOf(value);
  const status = parseReferTo(bytes, 0, bytes.length, target, replaces);
  return status === Status.OK ? `${textIn(target)}|${textIn(replaces)}` : `${status}`;
}

describe("Refer-To", () => {
  const good = [
    ["<sip:bert@192.0.2.10>", "sip:bert@192.0.2.10|"],
    ["sip:bert@192.0.2.10", "sip:bert@192.0.2.10|"],
    ['"Bert" <sip:bert@192.0.2.10:5070;transport=tcp>', "sip:bert@192.0.2.10:5070;transport=tcp|"],
    ["<sip:bert@192.0.2.10;method=INVITE>", "sip:bert@192.0.2.10|"],
    ["<sip:bert@192.0.2.10;method=invite;user=phone>", "sip:bert@192.0.2.10;user=phone|"],
    ["<sip:b@192.0.2.10?Replaces=7%40x%3Bto-tag%3D1%3Bfrom-tag%3D2>", "sip:b@192.0.2.10|7@x;to-tag=1;from-tag=2"],
    ["<sip:b@192.0.2.10?Subject=hello&replaces=7%3Bto-tag%3D1>", "sip:b@192.0.2.10|7;to-tag=1"],
    ["<sip:b@192.0.2.10?Subject=hello>", "sip:b@192.0.2.10|"],
  ];
  it("names the Request-URI without headers and method, and the dialog to be replaced", () => {
    for (let index = 0; index < good.length; index += 1) {
      equal(read(good[index][0]), good[index][1], good[index][0]);
    }
  });

  const bad: [string, Status][] = [
    ["<sips:bert@192.0.2.10>", Status.UNSUPPORTED],
    ["<tel:+4930123>", Status.UNSUPPORTED],
    ["<http://192.0.2.10/>", Status.UNSUPPORTED],
    ["<sip:bert@192.0.2.10;method=BYE>", Status.UNSUPPORTED],
    ["<sip:bert@192.0.2.10", Status.MALFORMED],
    ["", Status.MALFORMED],
    ["<sip:b@192.0.2.10?Replaces=7%0D%0AVia%3A%20SIP>", Status.MALFORMED],
    ["<sip:b@192.0.2.10?Replaces=7%00>", Status.MALFORMED],
    ["<sip:b@192.0.2.10?Replaces=7%4>", Status.MALFORMED],
    ["<sip:b@192.0.2.10?Replaces=7%>", Status.MALFORMED],
    ["<sip:b@192.0.2.10?Replaces=7%zz>", Status.MALFORMED],
    ["<sip:a-user-part-that-is-far-too-long-for-what-this-test-keeps@192.0.2.10>", Status.TOO_LONG],
    [
      "<sip:b@192.0.2.10?Replaces=a-call-id-that-is-far-too-long-for-what-this-test-keeps-of-replaces>",
      Status.TOO_LONG,
    ],
  ];
  it("is refused for another scheme or method, broken escapes, and control characters behind escapes", () => {
    for (let index = 0; index < bad.length; index += 1) {
      equal(read(bad[index][0]), `${bad[index][1]}`, bad[index][0]);
    }
  });
});
