// Who may register and call: user names and passwords of one realm, as digest authentication wants them.

import { createBytesOf } from "../../firmware/bytes/bytes";
import { setFixedText } from "../../firmware/bytes/fixed-text";
import { type Credentials, createCredentials } from "../../firmware/sip/authentication";

/** One account. */
export interface User {
  name: string;
  password: string;
}

function createUserCredentials(user: User, realm: string): Credentials {
  const credentials = createCredentials();
  const parts = [
    { text: credentials.username, value: user.name },
    { text: credentials.password, value: Buffer.from(user.password, "utf8").toString("latin1") },
    { text: credentials.realm, value: realm },
  ];
  for (const { text, value } of parts) {
    if (!setFixedText(text, createBytesOf(value), 0, value.length)) {
      throw new RangeError(
        `"${value}" is longer than the ${text.bytes.length} octets of a user name, password or realm`,
      );
    }
  }
  return credentials;
}

export class Users {
  private readonly credentials = new Map<string, Credentials>();

  /** Throws a RangeError for a name, password or realm that is longer than credentials may be. */
  constructor(
    users: User[],
    readonly realm: string,
  ) {
    for (const user of users) {
      this.credentials.set(user.name, createUserCredentials(user, realm));
    }
  }

  has(name: string): boolean {
    return this.credentials.has(name);
  }

  /** The credentials of a user; undefined when there is no such user. */
  credentialsOf(name: string): Credentials | undefined {
    return this.credentials.get(name);
  }
}
