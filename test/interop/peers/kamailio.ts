// kamailio as registrar and proxy: digest on REGISTER and on calls of its own users (users in an htable, locations in
// memory), Record-Route, so that every request of a call passes through it. Its log tells every request it saw.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bed } from "../bed";
import type { Program } from "./process";

export interface KamailioOptions {
  address: string;
  port: number;
  realm: string;
  /** The digest algorithm of its challenges. */
  algorithm: "MD5" | "SHA-256";
  /** Passwords by user. */
  users: Record<string, string>;
  /** Seconds that a nonce is good for. */
  nonceLife: number;
  /** Whether it takes TCP beside UDP. */
  tcp: boolean;
}

function configuration(options: KamailioOptions): string {
  const { address, port, realm } = options;
  const users = Object.entries(options.users).map(([user, password]) => `    $sht(users=>${user}) = "${password}";`);
  return `#!KAMAILIO
#!define STALE -4

debug=1
log_stderror=yes
fork=yes
children=1
listen=udp:${address}:${port}
${options.tcp ? `listen=tcp:${address}:${port}\ntcp_children=1\ntcp_reuse_port=yes` : "disable_tcp=yes"}
alias="${address}:${port}"
auto_aliases=no
dns=no
rev_dns=no
use_dns_cache=off
enable_sctp=0

loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "htable.so"

modparam("htable", "htable", "users=>size=4;")
modparam("auth", "algorithm", "${options.algorithm}")
modparam("auth", "nonce_expire", ${options.nonceLife})
modparam("usrloc", "db_mode", 0)
modparam("registrar", "gruu_enabled", 0)
modparam("registrar", "min_expires", 30)
modparam("rr", "append_fromtag", 1)

event_route[htable:mod-init] {
${users.join("\n")}
}

event_route[core:worker-one-init] {
    xlog("L_ALERT", "ready\\n");
}

request_route {
    xlog("L_ALERT", "saw $rm $ru from $fU auth <$au>\\n");
    if (!mf_process_maxfwd_header("10")) {
        sl_send_reply("483", "Too Many Hops");
        exit;
    }
    if (is_method("CANCEL")) {
        if (t_check_trans()) t_relay();
        exit;
    }
    if (has_totag()) {
        if (loose_route()) {
            t_relay();
            exit;
        }
        if (is_method("ACK") && t_check_trans()) {
            t_relay();
            exit;
        }
        if (!is_method("ACK")) sl_send_reply("404", "Not Here");
        exit;
    }
    if (is_method("REGISTER")) {
        $var(result) = -1;
        if ($au != $null && $au == $tU) {
            pv_www_authenticate("${realm}", "$sht(users=>$au)", "0");
            $var(result) = $rc;
        }
        if ($var(result) == STALE) {
            www_challenge("${realm}", "17");
            exit;
        }
        if ($var(result) < 0) {
            www_challenge("${realm}", "1");
            exit;
        }
        save("location");
        xlog("L_ALERT", "registered $tU\\n");
        exit;
    }
    if (!is_method("INVITE")) {
        sl_send_reply("405", "Method Not Allowed");
        exit;
    }
    t_check_trans();
    if ($au == $null || !pv_proxy_authenticate("${realm}", "$sht(users=>$au)", "0")) {
        proxy_challenge("${realm}", "1");
        exit;
    }
    if ($au != $fU) {
        sl_send_reply("403", "Forbidden");
        exit;
    }
    consume_credentials();
    record_route();
    if (!lookup("location")) {
        sl_send_reply("480", "Temporarily Unavailable");
        exit;
    }
    t_relay();
}
`;
}

export class Kamailio {
  /** host:port of the registrar and proxy. */
  readonly address: string;
  readonly program: Program;

  private constructor(bed: Bed, options: KamailioOptions) {
    const file = join(bed.directory, "kamailio.cfg");
    writeFileSync(file, configuration(options));
    this.address = `${options.address}:${options.port}`;
    const args = ["-DD", "-E", "-m", "32", "-M", "4", "-Y", bed.directory, "-f", file];
    this.program = bed.start({ name: "kamailio", command: "kamailio", args });
  }

  /** Starts one; its socket is open and its users are known when the promise settles. */
  static async start(bed: Bed, options: KamailioOptions): Promise<Kamailio> {
    const kamailio = new Kamailio(bed, options);
    await kamailio.program.printed(/ready/);
    return kamailio;
  }

  /** Waits, at most `limit` ms, until a registration of a user was accepted. */
  async registered(user: string, limit = 5000): Promise<void> {
    await this.program.printed(new RegExp(`registered ${user}\\b`), limit);
  }
}

/** The proxy of the tests: to be changed where a test is about it. */
export const PROXY: KamailioOptions = {
  address: "127.0.0.1",
  port: 5060,
  realm: "interop.test",
  algorithm: "MD5",
  users: { door: "door-secret", person: "person-secret", other: "other-secret" },
  nonceLife: 300,
  tcp: false,
};
