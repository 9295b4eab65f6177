// Reason phrases: one for every code that the device sends and every defect, and room for all before the shared headers.

import { equalText, textLength } from "../../firmware/bytes/text";
import { defectPhrase, reasonPhrase } from "../../firmware/sip/reason-phrase";
import { STATUS_LINE_ROOM } from "../../firmware/sip/response-writer";
import { describe, isTrue, it } from "../harness";
import { bytesOf } from "../octets";
import { DEFECTIVE_MESSAGES } from "../vectors/sip-messages";

function isPhrase(code: number, phrase: string): boolean {
  return equalText(bytesOf(phrase), 0, phrase.length, reasonPhrase(code));
}

describe("reason phrase", () => {
  it("is the one of the RFC", () => {
    const cases: [number, string][] = [
      [100, "Trying"],
      [180, "Ringing"],
      [183, "Session Progress"],
      [200, "OK"],
      [302, "Moved Temporarily"],
      [400, "Bad Request"],
      [405, "Method Not Allowed"],
      [416, "Unsupported URI Scheme"],
      [420, "Bad Extension"],
      [422, "Session Interval Too Small"],
      [423, "Interval Too Brief"],
      [480, "Temporarily Unavailable"],
      [481, "Call/Transaction Does Not Exist"],
      [486, "Busy Here"],
      [487, "Request Terminated"],
      [488, "Not Acceptable Here"],
      [489, "Bad Event"],
      [491, "Request Pending"],
      [500, "Server Internal Error"],
      [501, "Not Implemented"],
      [503, "Service Unavailable"],
      [505, "Version Not Supported"],
      [513, "Message Too Large"],
      [600, "Busy Everywhere"],
      [603, "Decline"],
    ];
    for (const [code, phrase] of cases) {
      isTrue(isPhrase(code, phrase), phrase);
    }
  });

  it("is there for any other code", () => {
    for (const code of [101, 299, 499, 699]) {
      isTrue(isPhrase(code, "Response"), `${code}`);
    }
  });

  it("fits into a status line, for every code and every defect", () => {
    const room = STATUS_LINE_ROOM - 14;
    for (let code = 100; code < 700; code += 1) {
      const length = textLength(reasonPhrase(code));
      isTrue(length > 0 && length <= room, `${code}`);
    }
    for (const sample of DEFECTIVE_MESSAGES) {
      const length = textLength(defectPhrase(sample.defect));
      isTrue(length > 0 && length <= room, sample.title);
    }
  });
});
