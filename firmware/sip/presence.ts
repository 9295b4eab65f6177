// The presence event package (RFC 3856) with PIDF bodies (RFC 3863): a door that answers is open, and on the phone during a call
// (RFC 4480 3.2). It tells nothing of who stands at the door.

import type { FixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import { putText, type Writer } from "../bytes/writer";
import { type Line, LineState, putXml } from "./line";
import { createEventPackage } from "./subscriptions";

const NAME = createText("presence");
const TYPE = createText("application/pidf+xml");

const DOCUMENT = createText('<?xml version="1.0"?>\r\n<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="');
const OPEN = createText('">\r\n<tuple id="door"><status><basic>open</basic></status></tuple>\r\n');
const ON_THE_PHONE_PERSON = createText(
  '<person xmlns="urn:ietf:params:xml:ns:pidf:data-model" id="visitor"><activities xmlns="urn:ietf:params:xml:ns:pidf:rpid">',
);
const ON_THE_PHONE = createText("<on-the-phone/></activities></person>\r\n");
const DOCUMENT_END = createText("</presence>\r\n");

/** Boot only: the station can be subscribed to its presence. */
export function createPresence(line: Line): void {
  line.usePackages.push(createEventPackage(line.subscriptions, { owner: line, name: NAME, type: TYPE, writeState }));
}

function writeState(owner: object, writer: Writer, entity: FixedText): void {
  const line = owner as Line;
  putText(writer, DOCUMENT);
  putXml(writer, entity.bytes, 0, entity.length);
  putText(writer, OPEN);
  if (line.state !== LineState.TERMINATED) {
    putText(writer, ON_THE_PHONE_PERSON);
    putText(writer, ON_THE_PHONE);
  }
  putText(writer, DOCUMENT_END);
}
