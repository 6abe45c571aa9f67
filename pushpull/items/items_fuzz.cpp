// Each decoder: what it accepts, its encoder writes again byte for byte.
#include "pushpull/items/certificates.h"
#include "pushpull/items/items.h"
#include "pushpull/items/operations.h"
#include "pushpull/items/sessions.h"

namespace {

template <class Decode>
void check(sp::BytesView input, Decode decode) {
  const auto value = decode(input);
  if (!value) return;
  const auto again = encode(*value);
  sp::ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::pushpull;
  const auto input = std::as_bytes(std::span{data, size});
  check(input, decode_message_chunk);
  check(input, decode_message_put);
  check(input, decode_settings_put);
  check(input, decode_resync);
  check(input, decode_message_viewed);
  check(input, decode_message_refused);
  check(input, decode_message_destroyed);
  check(input, decode_edge_warning);
  check(input, decode_hello_request);
  check(input, decode_hello_response);
  check(input, decode_push_request);
  check(input, decode_push_response);
  check(input, decode_pull_request);
  check(input, decode_pull_response);
  check(input, decode_blob_request);
  check(input, decode_blob_response);
  check(input, decode_rekey_request);
  check(input, decode_rekey_response);
  check(input, decode_enrolment_key);
  check(input, decode_ticket_put);
  check(input, decode_session_terminate);
  check(input, decode_ticket_redeemed);
  check(input, decode_ticket_refused);
  check(input, decode_session_started);
  check(input, decode_session_attached);
  check(input, decode_session_host_key);
  check(input, decode_session_recording);
  check(input, decode_session_file);
  check(input, decode_session_ended);
  check(input, decode_credential);
  check(input, decode_challenge_put);
  check(input, decode_challenge_remove);
  check(input, decode_certificate_request);
  check(input, decode_certificate_put);
  check(input, decode_certificate_requested);
  check(input, decode_certificate_installed);
  check(input, decode_certificate_refused);
  return 0;
}
