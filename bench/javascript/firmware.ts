// What the bench runs of the firmware. The ES module of the build, dist/doorline.es.js, exports all of it; where that is
// missing, this file is loaded from the sources, which is slower: constants of other modules are then looked up at run time.

export { createG711, decodeG711, encodeG711 } from "../../firmware/audio/g711";
export { copyBytes, createBytes, createSamples } from "../../firmware/bytes/bytes";
export { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
export { createText } from "../../firmware/bytes/text";
export { createWriter, putBytes } from "../../firmware/bytes/writer";
export { createTimer, createTimerWheel, runTimers, startTimer, stopTimer } from "../../firmware/clock/timer-wheel";
export { hangUpCall, pressButton } from "../../firmware/intercom/station";
export { createStationLimits } from "../../firmware/limits";
export { createDevice, pollDevice } from "../../firmware/main";
export { createSettings } from "../../firmware/settings/settings";
export { createSettingsProblem, parseSettings } from "../../firmware/settings/settings-parser";
export {
  countHeaderValues,
  createHeaderValue,
  firstHeaderValue,
  nextHeaderValue,
} from "../../firmware/sip/header-values";
export { takeSession } from "../../firmware/sip/invite-session";
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
export { releaseSession } from "../../firmware/sip/session-end";
export { createUri, parseUri } from "../../firmware/sip/uri";
