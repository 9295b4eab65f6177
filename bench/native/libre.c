// libre (baresip's SIP stack): sip_msg_decode and the accessors that its dialogs use, and a reply printed into an mbuf in
// the manner of its reply functions, without transactions and sockets. A decoded message is kept only for the build.

#include "rounds.h"

#include <re.h>

static corpus_t corpus;
static struct mbuf *invites[VARIANTS];
static struct mbuf *answers[VARIANTS];
static struct sip_msg *decoded[VARIANTS];
static struct mbuf *reply;
/** Where the requests came from. */
static struct sa source;

// What is touched beside what sip_msg_decode has already split (top Via, From, To, CSeq, Call-ID, Content-Length): the
// number of Vias and Record-Routes, and the first Contact and Record-Route, decoded with their URIs.
static long touch(struct sip_msg *msg, bool uris)
{
  struct sip_addr contact;
  struct sip_addr route;
  const struct sip_hdr *contact_header = sip_msg_hdr(msg, SIP_HDR_CONTACT);
  const struct sip_hdr *route_header = sip_msg_hdr(msg, SIP_HDR_RECORD_ROUTE);
  if (!contact_header || sip_addr_decode(&contact, &contact_header->val) ||
      !route_header || sip_addr_decode(&route, &route_header->val)) {
    return -1;
  }
  long witness = sip_msg_hdr_count(msg, SIP_HDR_VIA);
  struct pl host;
  struct pl port;
  uri_decode_hostport(&msg->via.sentby, &host, &port);
  witness += host.l + pl_u32(&port) + msg->via.branch.l;
  witness += (msg->from.auri.l > 0) + msg->from.tag.l + (msg->to.auri.l > 0) + msg->to.tag.l;
  witness += msg->callid.l + msg->cseq.num + msg->cseq.met.l;
  witness += (contact.auri.l > 0) + sip_msg_hdr_count(msg, SIP_HDR_RECORD_ROUTE) + (route.auri.l > 0);
  witness += pl_u32(&msg->clen);
  if (uris) {
    witness += msg->from.uri.user.l + msg->from.uri.host.l + msg->to.uri.user.l + msg->to.uri.host.l;
    witness += contact.uri.user.l + contact.uri.host.l + route.uri.host.l;
  }
  return witness;
}

static long parse(struct mbuf *buffer, bool uris)
{
  struct sip_msg *msg = NULL;
  buffer->pos = 0;
  if (sip_msg_decode(&msg, buffer)) {
    return -1;
  }
  long witness = touch(msg, uris);
  mem_deref(msg);
  return witness;
}

static long parse_invite(size_t index) { return parse(invites[index], false); }
static long parse_invite_uris(size_t index) { return parse(invites[index], true); }
static long parse_ok(size_t index) { return parse(answers[index], false); }

/** The topmost Via gets the address that the request came from, as RFC 3581 4 asks a server to where rport stands. */
static int print_via(struct mbuf *into, const struct sip_hdr *header, bool topmost)
{
  return topmost ? mbuf_printf(into, "%r: %r;received=%j\r\n", &header->name, &header->val, &source)
                 : mbuf_printf(into, "%r: %r\r\n", &header->name, &header->val);
}

static int print_copied(struct mbuf *into, const struct sip_msg *msg, const struct sip_hdr *header, bool *via_written)
{
  bool topmost = !*via_written;
  switch (header->id) {
  case SIP_HDR_VIA:
    *via_written = true;
    return print_via(into, header, topmost);
  case SIP_HDR_RECORD_ROUTE:
  case SIP_HDR_FROM:
  case SIP_HDR_CALL_ID:
  case SIP_HDR_CSEQ:
    return mbuf_printf(into, "%r: %r\r\n", &header->name, &header->val);
  case SIP_HDR_TO:
    return mbuf_printf(into, "%r: %r%s\r\n", &header->name, &header->val, msg->to.tag.l ? "" : ";tag=" REPLY_TAG);
  default:
    return 0;
  }
}

static long build_ok(size_t index)
{
  const struct sip_msg *msg = decoded[index];
  mem_deref(reply);
  reply = mbuf_alloc(1024);
  int failed = mbuf_printf(reply, "SIP/2.0 %u %s\r\n", 200, "OK");
  bool via_written = false;
  for (struct le *element = msg->hdrl.head; element; element = element->next) {
    failed |= print_copied(reply, msg, element->data, &via_written);
  }
  failed |= mbuf_printf(reply, "Contact: %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%b", REPLY_CONTACT,
                        REPLY_CONTENT_TYPE, corpus.reply_body.length, corpus.reply_body.bytes, corpus.reply_body.length);
  return failed ? -1 : (long)reply->end;
}

static size_t sample_build_ok(const uint8_t **bytes)
{
  build_ok(0);
  *bytes = reply->buf;
  return reply->end;
}

static struct mbuf *buffer_of(const message_t *message)
{
  struct mbuf *buffer = mbuf_alloc(message->length);
  mbuf_write_mem(buffer, message->bytes, message->length);
  return buffer;
}

int main(int count, char **arguments)
{
  corpus_read(&corpus, count > 1 ? arguments[1] : ".");
  sa_set_str(&source, "192.0.2.1", 5060);
  for (size_t index = 0; index < VARIANTS; index += 1) {
    invites[index] = buffer_of(&corpus.invites[index]);
    answers[index] = buffer_of(&corpus.answers[index]);
    invites[index]->pos = 0;
    if (sip_msg_decode(&decoded[index], invites[index])) {
      return 1;
    }
  }
  const case_t cases[] = {
    { "parse-invite", parse_invite, NULL },
    { "parse-invite-uris", parse_invite_uris, NULL },
    { "parse-ok", parse_ok, NULL },
    { "build-ok", build_ok, sample_build_ok },
  };
  return rounds_run(cases, sizeof(cases) / sizeof(cases[0]));
}
