// What the bench runs of the firmware. The ES module of the build, dist/doorline.es.js, exports all of it; where that is
// missing, this file is loaded from the sources, which is slower: constants of other modules are then looked up at run time.

export { createG711, decodeG711, encodeG711 } from "../../firmware/audio/g711";
export { createBytes, createSamples } from "../../firmware/bytes/bytes";
export { createText } from "../../firmware/bytes/text";
export { createWriter, putBytes } from "../../firmware/bytes/writer";
export {
  countHeaderValues,
  createHeaderValue,
  firstHeaderValue,
  nextHeaderValue,
} from "../../firmware/sip/header-values";
export { createMessage } from "../../firmware/sip/message";
export { parseMessage } from "../../firmware/sip/message-parser";
export { createNameAddress, parseNameAddress } from "../../firmware/sip/name-address";
export {
  closeBody,
  openBody,
  putHeaderText,
  writeSharedHeaders,
  writeStatusLine,
} from "../../firmware/sip/response-writer";
export { createUri, parseUri } from "../../firmware/sip/uri";
