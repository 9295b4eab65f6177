// SIP messages as a test reads and writes them: whole texts. Slow and simple, and nothing of it is the firmware's, so that
// a fault there cannot hide here.

/** The lines of the header of a message, the start line first. */
export function headerLines(message: string): string[] {
  const end = message.indexOf("\r\n\r\n");
  return (end < 0 ? message : message.substring(0, end)).split("\r\n");
}

export function startLine(message: string): string {
  return headerLines(message)[0];
}

/** What stands behind the blank line. */
export function bodyOf(message: string): string {
  const end = message.indexOf("\r\n\r\n");
  return end < 0 ? "" : message.substring(end + 4);
}

/** The values of all header fields of a name as the firmware writes it, in their order. */
export function headersOf(message: string, name: string): string[] {
  const lines = headerLines(message);
  const values: string[] = [];
  const prefix = `${name}: `;
  for (let index = 1; index < lines.length; index += 1) {
    if (lines[index].indexOf(prefix) === 0) {
      values.push(lines[index].substring(prefix.length));
    }
  }
  return values;
}

/** The value of the first header field of a name, or "" when there is none. */
export function headerOf(message: string, name: string): string {
  const values = headersOf(message, name);
  return values.length === 0 ? "" : values[0];
}

export function hasHeaderField(message: string, name: string): boolean {
  return headersOf(message, name).length > 0;
}

/** The text between `before` and the first of `stops` behind it, or "" when `before` is not there. */
export function textBetween(text: string, before: string, stops: string): string {
  const at = text.indexOf(before);
  if (at < 0) {
    return "";
  }
  let end = at + before.length;
  while (end < text.length && stops.indexOf(text.charAt(end)) < 0) {
    end += 1;
  }
  return text.substring(at + before.length, end);
}

/** The value of a parameter such as tag or branch in a header value, or "". */
export function parameterOf(value: string, name: string): string {
  return textBetween(value, `;${name}=`, ";,> \r");
}

/** The method of a request, or "SIP/2.0" of a response. */
export function firstWord(message: string): string {
  return textBetween(` ${message}`, " ", " \r");
}

/** The status code of a response as a text, e.g. "200"; "" of a request. */
export function statusOf(message: string): string {
  return textBetween(message, "SIP/2.0 ", " \r");
}

/** "200 INVITE" of a response, "BYE" of a request: what a test asks first. */
export function kindOf(message: string): string {
  const word = firstWord(message);
  return word === "SIP/2.0" ? `${statusOf(message)} ${textBetween(headerOf(message, "CSeq"), " ", "\r")}` : word;
}

/** Puts the lines of a message together; a body gets its Content-Length, and its type when it is a session description. */
export function messageOf(lines: string[], body: string): string {
  const all: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    all.push(lines[index]);
  }
  if (body.indexOf("v=0") === 0) {
    all.push("Content-Type: application/sdp");
  }
  all.push(`Content-Length: ${body.length}`);
  return `${all.join("\r\n")}\r\n\r\n${body}`;
}

/** The message with the first place of `search` changed to `replacement`. */
export function changed(message: string, search: string, replacement: string): string {
  const at = message.indexOf(search);
  return at < 0 ? message : message.substring(0, at) + replacement + message.substring(at + search.length);
}

/** The message without the header fields of a name. */
export function without(message: string, name: string): string {
  const lines = headerLines(message);
  const kept: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (lines[index].indexOf(`${name}:`) !== 0) {
      kept.push(lines[index]);
    }
  }
  return `${kept.join("\r\n")}\r\n\r\n${bodyOf(message)}`;
}

/** The message with header fields added behind the others. */
export function withHeaders(message: string, lines: string[]): string {
  const end = message.indexOf("\r\n\r\n");
  return lines.length === 0
    ? message
    : `${message.substring(0, end)}\r\n${lines.join("\r\n")}${message.substring(end)}`;
}

/** A line for each media line of a session description: "audio 4000 RTP/AVP 8 101 sendrecv". */
export function mediaOf(message: string): string[] {
  const lines = bodyOf(message).split("\r\n");
  const media: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line.indexOf("m=") === 0) {
      media.push(line.substring(2));
    } else if (line === "a=sendrecv" || line === "a=sendonly" || line === "a=recvonly" || line === "a=inactive") {
      media[media.length - 1] = `${media[media.length - 1]} ${line.substring(2)}`;
    }
  }
  return media;
}

/** A session description of 192.0.2.`host`: PCMA and telephone events at a port, and what else is given. */
export function sdpOf(host: number, port: number, attributes: string[]): string {
  const lines = [
    "v=0",
    `o=- 20 ${port} IN IP4 192.0.2.${host}`,
    "s=-",
    `c=IN IP4 192.0.2.${host}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 8 101`,
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15",
    "a=ptime:20",
  ];
  for (let index = 0; index < attributes.length; index += 1) {
    lines.push(attributes[index]);
  }
  return `${lines.join("\r\n")}\r\n`;
}
