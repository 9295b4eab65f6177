// What the fuzzer's peers say when an input lets them choose: methods, answers, header fields, bodies, settings. A table grows at its
// end, because the inputs of the corpus choose by number.

import { sdpOf } from "../rig/message-text";
import { PEER_RTP_PORT } from "../rig/peer";

export const REQUESTS = [
  "INVITE",
  "BYE",
  "ACK",
  "OPTIONS",
  "UPDATE",
  "PRACK",
  "INFO",
  "MESSAGE",
  "REFER",
  "SUBSCRIBE",
  "NOTIFY",
  "CANCEL",
  "REGISTER",
  "PUBLISH",
];

export const STATUSES = [
  "100 Trying",
  "180 Ringing",
  "183 Session Progress",
  "200 OK",
  "202 Accepted",
  "302 Moved Temporarily",
  "401 Unauthorized",
  "407 Proxy Authentication Required",
  "422 Session Interval Too Small",
  "486 Busy Here",
  "487 Request Terminated",
  "491 Request Pending",
  "500 Server Internal Error",
  "503 Service Unavailable",
  "481 Call/Transaction Does Not Exist",
  "408 Request Timeout",
  "420 Bad Extension",
  "603 Decline",
  "300 Multiple Choices",
  "0 Nothing",
];

export const FIELDS = [
  "Require: 100rel",
  "RSeq: 1",
  "Require: timer",
  "Session-Expires: 90;refresher=uas",
  "Session-Expires: 90;refresher=uac",
  "Min-SE: 1800",
  "Retry-After: 1",
  "Contact: <sip:anna@192.0.2.9>",
  "Contact: <sip:other@192.0.2.10>;q=0.5, <sip:192.0.2.11>",
  'WWW-Authenticate: Digest realm="pbx", nonce="n", qop="auth"',
  'Proxy-Authenticate: Digest realm="pbx", nonce="m", algorithm=SHA-256',
  "Refer-To: <sip:bert@192.0.2.9>",
  "Refer-To: <sip:bert@192.0.2.9?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>",
  "Event: presence",
  "Event: dialog",
  "Event: refer",
  "Expires: 60",
  "Subscription-State: terminated",
  "Content-Type: application/dtmf-relay",
  "Record-Route: <sip:192.0.2.9;lr>",
  'Reason: Q.850;cause=16;text="x"',
  "RAck: 1 101 INVITE",
  "Supported: 100rel, timer, replaces",
  "Accept: text/plain",
  "RSeq: 2",
  "RSeq: 2147483647",
  "Record-Route: <sip:192.0.2.12;transport=tcp;lr>, <sip:proxy.example.com;lr>",
  "Contact: <sip:anna@192.0.2.9:5060;transport=tcp>",
  "Contact: *",
  "Contact: <sips:anna@192.0.2.9>",
  "Contact: <sip:anna@phone.example.com>",
  "Session-Expires: 60",
  "Session-Expires: 4294967295;refresher=uac",
  "Require: nothing, timer",
  "Content-Type: application/dtmf",
  "Content-Type: text/plain",
  "Content-Type: multipart/mixed;boundary=b",
  "Content-Type: message/sipfrag",
  "Content-Encoding: gzip",
  "Content-Disposition: session;handling=required",
  "Expires: 0",
  "Expires: 4294967296",
  "Event: presence;id=1",
  "Replaces: anna-1@192.0.2.9;to-tag=a;from-tag=anna-tag",
  "Referred-By: <sip:carl@192.0.2.66>",
  "Subscription-State: active;expires=1",
  'WWW-Authenticate: Digest realm="pbx", nonce="n2", stale=true, qop="auth,auth-int", opaque="o"',
  'Proxy-Authenticate: Digest realm="other", nonce="x"',
  "Accept: application/sdp;q=0",
  "Max-Forwards: 0",
  "Retry-After: 4000000000",
  "Info-Package: nothing",
  "Refer-Sub: false",
];

/** Of a registrar's answers; {contact} stands for the address that was registered. */
export const REGISTRAR_FIELDS = [
  "Contact: {contact};expires=600",
  "Contact: {contact};expires=0",
  "Contact: {contact};expires=1",
  "Contact: {contact};expires=4294967296",
  "Contact: {contact}",
  "Contact: *",
  "Contact: <sip:other@192.0.2.99>;expires=60, {contact};q=0.5;expires=30",
  'Contact: "A, B" <sip:door@192.0.2.98:5070>;expires=x',
  "Expires: 60",
  "Expires: 0",
  "Min-Expires: 1800",
  "Min-Expires: 3601",
  "Min-Expires: x",
  "Retry-After: 5",
  "Retry-After: 4294967295 (soon);duration=1",
  "Path: <sip:edge.example.com;lr>",
  "Service-Route: <sip:192.0.2.51;lr>",
  "Service-Route: <sip:192.0.2.50;lr>, <sip:proxy.example.com;transport=tcp;lr>",
  "Service-Route: <sip:a-very-long-name-of-a-host-that-nobody-would-ever-think-of-giving.example.com;lr;x=0123456789>",
  "Service-Route: <>",
  'WWW-Authenticate: Digest realm="pbx", nonce="r", qop="auth", algorithm=MD5',
  'WWW-Authenticate: Digest realm="pbx", nonce="s", qop="auth", algorithm=SHA-256, stale=true',
  'WWW-Authenticate: Digest realm="pbx", nonce="t", algorithm=MD5-sess, Basic realm="pbx"',
  'WWW-Authenticate: Digest realm="", nonce=""',
  'Proxy-Authenticate: Digest realm="edge", nonce="u", qop="auth"',
  "Contact: <sip:door@192.0.2.50:5060>;expires=60",
  "Contact: <sip:next@192.0.2.52>",
  "Contact: <sip:192.0.2.52;transport=tcp>;q=0.9, <sip:next.example.com>",
];

export const REGISTRAR_STATUSES = [
  "200 OK",
  "401 Unauthorized",
  "407 Proxy Authentication Required",
  "423 Interval Too Brief",
  "503 Service Unavailable",
  "302 Moved Temporarily",
  "305 Use Proxy",
  "403 Forbidden",
  "404 Not Found",
  "100 Trying",
  "299 Odd",
  "480 Temporarily Unavailable",
  "500 Server Internal Error",
];

/** What a peer at 192.0.2.`host` offers or answers, and other bodies. */
export const BODIES: ((host: number) => string)[] = [
  () => "",
  (host) => sdpOf(host, PEER_RTP_PORT, []),
  (host) => sdpOf(host, PEER_RTP_PORT, ["a=sendonly"]),
  () => "Signal=5\r\nDuration=160\r\n",
  (host) => sdpOf(host, PEER_RTP_PORT, ["a=inactive"]),
  (host) => sdpOf(host, PEER_RTP_PORT, ["a=recvonly", "a=rtcp-mux"]),
  (host) => sdpOf(host, 0, []),
  (host) => sdpOf(host, PEER_RTP_PORT, ["m=video 9 RTP/AVP 96", "a=rtpmap:96 H264/90000"]),
  (host) => sdpOf(host, PEER_RTP_PORT, []).replace("RTP/AVP 8 101", "RTP/AVP 18 97"),
  (host) => sdpOf(host, PEER_RTP_PORT, ["a=ptime:60", "a=maxptime:10", "a=rtcp:9"]).replace("8 101", "0 13 8 101"),
  (host) => sdpOf(host, PEER_RTP_PORT, []).replace(/c=IN IP4 [\d.]+/, "c=IN IP4 0.0.0.0"),
  (host) => sdpOf(host, PEER_RTP_PORT, []).replace(/IN IP4 [\d.]+/g, "IN IP6 2001:db8::9"),
  (host) =>
    `--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: application/sdp\r\n\r\n${sdpOf(host, PEER_RTP_PORT, [])}\r\n--b--\r\n`,
  () => "Signal=4\r\n",
  () => "Signal=2\r\nDuration=99999\r\n",
  () => "#",
  () => "SIP/2.0 200 OK\r\n",
  () => "hello",
  (host) => `${sdpOf(host, PEER_RTP_PORT, [])}m=audio ${PEER_RTP_PORT + 2} RTP/SAVP 8\r\n`,
  () => "v=0\r\no=- 0 0 IN IP4 192.0.2.9\r\ns=-\r\n",
];

/** Settings of the stations; behind each, what is common to all tests (rig/door.ts). */
const COMMON = ["call.ring-limit = 10", "call.talk-limit = 30"];
const DIRECT = [...COMMON, "call.answer-from = *"];
const DELAYED = [...COMMON, "call.answer-from = *", "call.answer-delay = 5"];
const REALM = [...COMMON, "call.answer-from = 192.0.2.9", "account.password = secret", "account.realm = pbx"];
const PROXY = [...COMMON, "call.answer-from = *", "account.outbound-proxy = sip:192.0.2.9"];
/** The peer makes the offer. */
const SOLICITING = [...DIRECT, "call.offer = delayed"];
const ACCOUNT = [
  ...COMMON,
  "call.answer-from = *",
  "account.registrar = 192.0.2.50",
  "account.password = secret",
  "network.keep-alive = 25",
];
const STREAM = [
  ...COMMON,
  "call.answer-from = *",
  "account.registrar = 192.0.2.50",
  "account.password = secret",
  "account.transport = tcp",
  "network.keep-alive = 30",
  "button.1.call = sip:anna@192.0.2.9;transport=tcp",
];
const NAMES = [
  ...COMMON,
  "call.answer-from = *",
  "account.registrar = pbx.example.com",
  "network.name-server.1 = 192.0.2.53",
  "network.name-server.2 = 192.0.2.54",
  "network.keep-alive = 30",
  "button.1.call = sip:anna@example.com",
];
const STUN = [...ACCOUNT, "network.stun-server = 192.0.2.3"];
const TWO_ACCOUNTS = [
  ...COMMON,
  "call.answer-from = accounts",
  "account.1.registrar = 192.0.2.50",
  "account.2.user = second",
  "account.2.registrar = pbx.example.com",
  "account.2.password = secret",
  "network.name-server.1 = 192.0.2.53",
  "network.keep-alive = 30",
  "network.stun-server = stun.example.com",
  "button.1.call = sip:anna@pbx.example.com",
];

export const SETTINGS = {
  all: [DIRECT, DELAYED, REALM, PROXY, ACCOUNT, STREAM, NAMES, STUN, TWO_ACCOUNTS, SOLICITING],
  calls: [DIRECT, DELAYED, REALM, PROXY, SOLICITING],
  streams: [STREAM, DIRECT, PROXY],
  registrars: [ACCOUNT, STREAM, [...ACCOUNT, "account.outbound-proxy = 192.0.2.60"], TWO_ACCOUNTS],
  names: [NAMES, TWO_ACCOUNTS],
  stun: [STUN, TWO_ACCOUNTS],
  media: [DIRECT],
};
