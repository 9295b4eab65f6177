// sofia-sip: msg_make parses a copy of the datagram into its header structures, URIs included; the reply is made of
// duplicated headers, completed and serialized by its msg and sip layers, without transactions (nta) and sockets.

#include "rounds.h"

#include <stdlib.h>
#include <string.h>
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su_alloc.h>

static corpus_t corpus;
static msg_t *parsed[VARIANTS];
static sip_contact_t *reply_contact;
static sip_content_type_t *reply_content_type;
static char output[4096];
static size_t output_length;

static size_t length_of(const char *text) { return text ? strlen(text) : 0; }

// Everything below is already parsed; it is touched through the structures.
static long touch(const sip_t *sip, int uris)
{
  if (!sip || !sip->sip_via || !sip->sip_from || !sip->sip_to || !sip->sip_call_id || !sip->sip_cseq ||
      !sip->sip_contact || !sip->sip_record_route || !sip->sip_content_length) {
    return -1;
  }
  const sip_via_t *top = sip->sip_via;
  long witness = 0;
  for (const sip_via_t *via = top; via; via = via->v_next) {
    witness += 1;
  }
  for (const sip_record_route_t *route = sip->sip_record_route; route; route = route->r_next) {
    witness += 1;
  }
  const url_t *from = sip->sip_from->a_url;
  const url_t *to = sip->sip_to->a_url;
  const url_t *contact = sip->sip_contact->m_url;
  const url_t *route = sip->sip_record_route->r_url;
  witness += length_of(top->v_host) + (top->v_port ? strtol(top->v_port, NULL, 10) : 0) + length_of(top->v_branch);
  witness += (from->url_host != NULL) + length_of(sip->sip_from->a_tag);
  witness += (to->url_host != NULL) + length_of(sip->sip_to->a_tag);
  witness += length_of(sip->sip_call_id->i_id);
  witness += sip->sip_cseq->cs_seq + length_of(sip->sip_cseq->cs_method_name);
  witness += (contact->url_host != NULL) + (route->url_host != NULL);
  witness += sip->sip_content_length->l_length;
  if (uris) {
    witness += length_of(from->url_user) + length_of(from->url_host) + length_of(to->url_user) + length_of(to->url_host);
    witness += length_of(contact->url_user) + length_of(contact->url_host) + length_of(route->url_host);
  }
  return witness;
}

static long parse(const message_t *message, int uris)
{
  msg_t *msg = msg_make(sip_default_mclass(), 0, message->bytes, (ssize_t)message->length);
  long witness = touch(sip_object(msg), uris);
  msg_destroy(msg);
  return witness;
}

static long parse_invite(size_t index) { return parse(&corpus.invites[index], 0); }
static long parse_invite_uris(size_t index) { return parse(&corpus.invites[index], 1); }
static long parse_ok(size_t index) { return parse(&corpus.answers[index], 0); }

static long build_ok(size_t index)
{
  const sip_t *request = sip_object(parsed[index]);
  msg_t *msg = msg_create(sip_default_mclass(), 0);
  su_home_t *home = msg_home(msg);
  sip_t *sip = sip_object(msg);
  int failed = sip_add_dup(msg, sip, (const sip_header_t *)sip_status_create(home, 200, "OK", NULL)) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)request->sip_via) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)request->sip_record_route) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)request->sip_from) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)request->sip_to) < 0 ||
    sip_to_tag(home, sip->sip_to, REPLY_TAG) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)request->sip_call_id) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)request->sip_cseq) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)reply_contact) < 0 ||
    sip_add_dup(msg, sip, (const sip_header_t *)reply_content_type) < 0 ||
    msg_header_insert(msg, (msg_pub_t *)sip,
                      (msg_header_t *)sip_payload_create(home, corpus.reply_body.bytes,
                                                         (isize_t)corpus.reply_body.length)) < 0 ||
    sip_complete_message(msg) < 0 || msg_serialize(msg, (msg_pub_t *)sip) < 0 || msg_prepare(msg) < 0;
  output_length = 0;
  msg_iovec_t vector[40];
  size_t parts = failed ? 0 : (size_t)msg_iovec(msg, vector, 40);
  if (parts > 40) {
    parts = 0;
  }
  for (size_t part = 0; part < parts && output_length + vector[part].mv_len <= sizeof(output); part += 1) {
    memcpy(output + output_length, vector[part].mv_base, vector[part].mv_len);
    output_length += vector[part].mv_len;
  }
  msg_destroy(msg);
  return failed ? -1 : (long)output_length;
}

static size_t sample_build_ok(const uint8_t **bytes)
{
  build_ok(0);
  *bytes = (const uint8_t *)output;
  return output_length;
}

int main(int count, char **arguments)
{
  corpus_read(&corpus, count > 1 ? arguments[1] : ".");
  su_home_t *home = su_home_create();
  reply_contact = sip_contact_make(home, REPLY_CONTACT);
  reply_content_type = sip_content_type_make(home, REPLY_CONTENT_TYPE);
  for (size_t index = 0; index < VARIANTS; index += 1) {
    const message_t *invite = &corpus.invites[index];
    parsed[index] = msg_make(sip_default_mclass(), 0, invite->bytes, (ssize_t)invite->length);
  }
  const case_t cases[] = {
    { "parse-invite", parse_invite, NULL },
    { "parse-invite-uris", parse_invite_uris, NULL },
    { "parse-ok", parse_ok, NULL },
    { "build-ok", build_ok, sample_build_ok },
  };
  return rounds_run(cases, sizeof(cases) / sizeof(cases[0]));
}
