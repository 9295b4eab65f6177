// The classes of valid but odd messages that RFC 4475 3.1.1 and 3.4 describe, in messages of our own: all are taken.

import { describe, equal, isTrue } from "../harness";
import { Door, hangUp } from "../rig/door";
import { bodyOf, headerOf, headersOf, startLine } from "../rig/message-text";
import { responseOf } from "../rig/peer";
import { clause } from "./clause";
import { anna, answerTo, openDoor, optionsWith, raw, verdictOf } from "./verdict";

function letters(letter: string, count: number): string {
  let text = letter;
  while (text.length < count) {
    text = `${text}${text}`;
  }
  return text.substring(0, count);
}

describe("valid messages", () => {
  clause(
    "RFC 4475 3.1.1.1",
    "folded lines, blanks, quoted-pairs, odd case, compact names and empty fields are understood",
    () => {
      const body = anna.description([]);
      const answer = answerTo(
        raw(
          [
            "INVITE sip:door;style=brass@192.0.2.4;unheard=%41:1 SIP/2.0",
            "tO :",
            ' "Hall \\"lamp\\" \\\\" <SiP:door@192.0.2.4>',
            "fROM :  Gate  Keeper \t<sip:gate@192.0.2.9>",
            "  ;",
            "\tTAG   =  97x",
            "mAX-fORWARDS:\t 0068",
            "i : folded@192.0.2.9",
            "CSeq\t:",
            "   0000412",
            "   INVITE",
            "v: SIP / 2.0",
            " / UDP",
            '   192.0.2.9 ;  branch = z9hG4bK-fold-1 ; odd="a;b, c",',
            " SIP  / 2.0  / TCP     two.example ; branch = z9hG4bK-fold-2",
            "V : SIP/2.0/UDP three.example;branch=z9hG4bK-fold-3",
            "Subject :",
            "s:",
            'X-Never-Heard: ; ,, "; <',
            "X-Folded:",
            "  one",
            "\t ",
            "  two",
            'm:"Gate \\"1\\"" <sip:gate@192.0.2.9;odd> ; odd ; q = 0.5',
            "c :\tapplication/sdp",
            `l: 00${body.length}`,
          ],
          body,
        ),
      );
      equal(startLine(answer), "SIP/2.0 200 OK", "status line");
      isTrue(answer.indexOf("three.example;branch=z9hG4bK-fold-3") > 0, "the last Via is there");
      isTrue(answer.indexOf("two.example ; branch = z9hG4bK-fold-2") > 0, "the Via in the middle is there");
      isTrue(bodyOf(answer).indexOf("m=audio") > 0, "it is answered with a session");
    },
  );

  clause("RFC 4475 3.1.1.2", "every letter that a token, a user part and a display name may have is taken", () => {
    const method = "Open.The-Door!%*_+`'~9";
    const wide = raw(
      [
        `${method} sip:a-b_c.d!e~f*g'h(i)j&k=l+m$n,o;p?q/r:pw&=+$,x@192.0.2.4;p-1=!%41~*'():&+$/[] SIP/2.0`,
        "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-.!%66*_+`'~",
        'From: "\x01\x7f\\\x00 \xf0\x9f\x94\x94 \\"" <sip:anna@192.0.2.9>;tag=-.!%66*_+`\'~',
        "To: -.!%*_+`'~ <sip:door@192.0.2.4>",
        "Call-ID: -.!%*_+`'~()<>:\\/[]?{}@\"",
        `CSeq: 1 ${method}`,
        "Max-Forwards: 255",
        "-.!%*_+`'~: \xf0\x9f\x94\x94",
        "Content-Length: 0",
      ],
      "",
    );
    const answer = answerTo(wide);
    equal(startLine(answer), "SIP/2.0 501 Not Implemented", "status line");
    equal(headerOf(answer, "CSeq"), `1 ${method}`, "CSeq");
    equal(headerOf(answer, "Call-ID"), "-.!%*_+`'~()<>:\\/[]?{}@\"", "Call-ID");
  });

  clause("RFC 4475 3.1.1.3", "escapes in a user part hide what they stand for", () => {
    equal(
      verdictOf(optionsWith("OPTIONS", ["OPTIONS sip:sips%3Adoor%40home@192.0.2.4 SIP/2.0"])),
      "200 OPTIONS",
      "verdict",
    );
  });

  clause("RFC 4475 3.1.1.4", "an escaped NUL is a letter like others and ends nothing", () => {
    const lines = ["OPTIONS sip:null-%00-null@192.0.2.4 SIP/2.0", "From: <sip:%00@192.0.2.9>;tag=gate"];
    const answer = answerTo(optionsWith("OPTIONS", [lines[0]]));
    equal(startLine(answer), "SIP/2.0 200 OK", "status line");
    equal(headerOf(answerTo(optionsWith("From", [lines[1]])), "From"), "<sip:%00@192.0.2.9>;tag=gate", "From");
  });

  clause("RFC 4475 3.1.1.5", "% is no escape in a method", () => {
    const escaped = ["O%50TIONS sip:door@192.0.2.4 SIP/2.0", "CSeq: 12 O%50TIONS"];
    const message = optionsWith("OPTIONS", [escaped[0]]);
    const at = message.indexOf("CSeq");
    equal(verdictOf(`${message.substring(0, at)}${escaped[1]}\r\n\r\n`), "501 O%50TIONS", "verdict");
  });

  clause("RFC 4475 3.1.1.6", "no blank need stand between a display name and its <", () => {
    equal(verdictOf(optionsWith("From", ["From: gate<sip:anna@192.0.2.9>;tag=gate"])), "200 OPTIONS", "token");
    equal(verdictOf(optionsWith("From", ['From: "gate"<sip:anna@192.0.2.9>;tag=gate'])), "200 OPTIONS", "quoted");
  });

  clause("RFC 4475 3.1.1.7", "long values are taken", () => {
    const long = raw(
      [
        `OPTIONS sip:${letters("door", 200)}@192.0.2.4;${letters("p", 100)}=${letters("v", 100)} SIP/2.0`,
        `Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${letters("b", 120)};${letters("n", 80)}=${letters("w", 80)}`,
        `From: "${letters("I have a name ", 300)}" <sip:anna@192.0.2.9>;tag=${letters("12", 82)}`,
        `To: "${letters("so have you", 300)}" <sip:door@192.0.2.4>`,
        `Call-ID: ${letters("long", 150)}`,
        "CSeq: 0000000000000000000000000000000000000012 OPTIONS",
        "Max-Forwards: 0000000000000000000000000070",
        `${letters("X-Long", 250)}: ${letters("value ", 1000)}`,
        `Contact: <sip:${letters("c", 500)}@192.0.2.9>`,
        "Content-Length: 00000000000000000000",
      ],
      "",
    );
    equal(verdictOf(long), "200 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.1.1.8", "octets behind the body of a datagram are ignored, also when they are a message", () => {
    const door = openDoor();
    door.deliver(`${optionsWith("", [])}${anna.newCall().inviteWith(anna.description([]))}`, anna);
    door.expect("200 OPTIONS");
    door.expectSilence();
    equal(door.recordsInUse(), 1, "the one transaction");
  });

  clause("RFC 4475 3.1.1.9", "semicolons in a user part are the user's, not parameters of the URI", () => {
    const line = "OPTIONS sip:door;lr;transport=tls%40x@192.0.2.4 SIP/2.0";
    equal(verdictOf(optionsWith("OPTIONS", [line])), "200 OPTIONS", "verdict");
  });

  clause("RFC 4475 3.1.1.10", "Vias of known and unknown transports are taken and come back", () => {
    const vias = [
      "Via: SIP/2.0/SCTP one.example;branch=z9hG4bK-2",
      "Via: SIP/2.0/TLS two.example;branch=z9hG4bK-3",
      "Via: SIP/2.0/PIGEON three.example;branch=z9hG4bK-4",
    ];
    const answer = answerTo(optionsWith("Max", vias));
    equal(startLine(answer), "SIP/2.0 200 OK", "status line");
    equal(headersOf(answer, "Via").length, 4, "Vias");
    equal(headersOf(answer, "Via")[3], "SIP/2.0/PIGEON three.example;branch=z9hG4bK-4", "last Via");
    equal(verdictOf(optionsWith("Via", ["Via: SIP/2.0/PIGEON 192.0.2.9;branch=z9hG4bK-p"])), "200 OPTIONS", "topmost");
  });

  clause(
    "RFC 4475 3.1.1.11",
    "a session description is found in a multipart body whose other parts are optional",
    () => {
      const description = anna.description([]);
      const body =
        `--edge\r\nContent-Type: image/x-none\r\nContent-Disposition: icon;handling=optional\r\n\r\n\x00\xff\r\n--edge\r\n` +
        `Content-Type: application/sdp\r\n\r\n${description}\r\n--edge--\r\n`;
      const call = anna.newCall();
      const door = openDoor();
      door.deliver(call.request("INVITE", ['Content-Type: multipart/mixed;boundary="edge"'], body), anna);
      call.takeResponse(door.expect("200 INVITE"));
      door.deliver(call.acknowledge(""), anna);
      hangUp(door, call);
    },
  );

  clause("RFC 4475 3.1.1.12", "a reason phrase of any letters is taken", () => {
    const door = new Door([]);
    door.press(0);
    const invite = door.expect("INVITE");
    const call = anna.takeCall(invite);
    const odd = "200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xe2\x80\xa6 SIP/2.0 486";
    door.deliver(call.answer(odd, anna.description([])), anna);
    door.expect("ACK");
  });

  clause("RFC 4475 3.1.1.13", "a reason phrase may be empty", () => {
    const door = new Door([]);
    door.press(0);
    const invite = door.expect("INVITE");
    door.deliver(responseOf(invite, "100 ", "", [], ""), anna);
    door.advance(5000);
    door.expectSilence();
  });

  clause(
    "RFC 4475 3.4.1",
    "an INVITE as RFC 2543 wrote it is taken: no branch, no tag, no Max-Forwards, no brackets",
    () => {
      const body = anna.description([]);
      const answer = answerTo(
        raw(
          [
            "INVITE sip:door@192.0.2.4 SIP/2.0",
            "Via: SIP/2.0/UDP 192.0.2.9",
            "From: sip:anna@192.0.2.9;user=phone",
            "To: sip:door@192.0.2.4;user=phone",
            "Call-ID: 1717@192.0.2.9",
            "CSeq: 56 INVITE",
            "Contact: sip:anna@192.0.2.9",
            "Content-Type: application/sdp",
          ],
          body,
        ),
      );
      equal(startLine(answer), "SIP/2.0 200 OK", "status line");
    },
  );
});
