#pragma once
// A gateway's recording, made as docs/formats/recording.md says, for tests of what reads it.

#include "base/openssl/crypto.h"
#include "base/random/random.h"
#include "core/recordings/opener.h"
#include "pushpull/envelope/export.h"

namespace sp::sessions::testing {

class Recorded {
 public:
  Recorded(const pushpull::SessionId& session, const pushpull::Hash& recording_key,
           Random& random) {
    const auto info = bytes::Writer{}.raw("sallyport recording v1").raw(session).take();
    auto made = *pushpull::edge_export(pushpull::StaticPublicKey{recording_key},
                                       {info, "sallyport recording v1 chain"}, random);
    key_ = std::move(made.secret);
    file = bytes::Writer{}.raw("SPR1").raw(session).raw(made.encapsulated.view()).take();
    told = {0, file.size(), openssl::sha256(file)};
  }
  void chunk(std::string_view text, bool last = false) {
    const auto key = *pushpull::edge_expand(key_, "sallyport recording v1 chunk", 32);
    key_ = *pushpull::edge_expand(key_, "sallyport recording v1 next", 32);
    const auto aad = bytes::Writer{}.raw(told.hash).u8(std::uint8_t{last}).take();
    const auto sealed = *pushpull::edge_seal_once(key, aad, bytes::of(text));
    const auto made = bytes::Writer{}
                          .u32(static_cast<std::uint32_t>(sealed.size()))
                          .u8(std::uint8_t{last})
                          .raw(sealed)
                          .take();
    bytes::append(file, made);
    told = {told.chunks + 1, file.size(), openssl::sha256({told.hash, made})};
  }

  Bytes file;
  recordings::Progress told;

 private:
  Secret key_;
};

}  // namespace sp::sessions::testing
