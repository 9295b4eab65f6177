// The dialog event package (RFC 4235): the dialog of the station's line, as application/dialog-info+xml, always in full. It
// tells identities, never media.

import type { FixedText } from "../bytes/fixed-text";
import { createText, type Text } from "../bytes/text";
import { putDecimal, putText, type Writer } from "../bytes/writer";
import { type Line, LineState, putXml } from "./line";
import { createNameAddress, parseNameAddress } from "./name-address";
import { Status } from "./status";
import { createEventPackage } from "./subscriptions";

const NAME = createText("dialog");
const TYPE = createText("application/dialog-info+xml");

const DOCUMENT = createText(
  '<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="',
);
const ENTITY = createText('" state="full" entity="');
const DIALOG = createText('">\r\n<dialog id="');
const CALL_ID = createText('" call-id="');
const LOCAL_TAG = createText('" local-tag="');
const REMOTE_TAG = createText('" remote-tag="');
const DIRECTION = createText('" direction="');
const INITIATOR = createText("initiator");
const RECIPIENT = createText("recipient");
const STATE = createText('"><state>');
const STATE_END = createText("</state>");
const REMOTE = createText("<remote><identity>");
const REMOTE_END = createText("</identity></remote>");
const DIALOG_END = createText("</dialog>");
const NO_DIALOG = createText('">');
const DOCUMENT_END = createText("\r\n</dialog-info>\r\n");

/** By LineState. */
const STATES: Text[] = [createText("terminated"), createText("trying"), createText("early"), createText("confirmed")];

const address = createNameAddress();

/** Boot only: the station can be subscribed to the dialogs of its line. */
export function createDialogEvent(line: Line): void {
  line.statePackages.push(createEventPackage(line.subscriptions, { owner: line, name: NAME, type: TYPE, writeState }));
}

function putAttribute(writer: Writer, name: Text, value: FixedText): void {
  if (value.length > 0) {
    putText(writer, name);
    putXml(writer, value.bytes, 0, value.length);
  }
}

/** The dialog element; of one that is over only its id and its end are told. */
function putDialog(line: Line, writer: Writer): void {
  const dialog = line.dialog;
  const remote = dialog.remoteAddress;
  const stands = line.state !== LineState.TERMINATED;
  putText(writer, DIALOG);
  putDecimal(writer, line.call);
  if (stands) {
    putAttribute(writer, CALL_ID, dialog.callId);
    putAttribute(writer, LOCAL_TAG, dialog.localTag);
    putAttribute(writer, REMOTE_TAG, dialog.remoteTag);
  }
  putText(writer, DIRECTION);
  putText(writer, line.isCaller ? INITIATOR : RECIPIENT);
  putText(writer, STATE);
  putText(writer, STATES[line.state]);
  putText(writer, STATE_END);
  if (stands && parseNameAddress(remote.bytes, 0, remote.length, address) === Status.OK) {
    putText(writer, REMOTE);
    putXml(writer, remote.bytes, address.uriStart, address.uriEnd);
    putText(writer, REMOTE_END);
  }
  putText(writer, DIALOG_END);
}

function writeState(owner: object, writer: Writer, entity: FixedText, version: number): void {
  const line = owner as Line;
  putText(writer, DOCUMENT);
  putDecimal(writer, version);
  putText(writer, ENTITY);
  putXml(writer, entity.bytes, 0, entity.length);
  if (line.call > 0) {
    putDialog(line, writer);
  } else {
    putText(writer, NO_DIALOG);
  }
  putText(writer, DOCUMENT_END);
}
