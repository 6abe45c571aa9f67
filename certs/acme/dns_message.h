#pragma once
// The few DNS messages that dns-01 needs: a question, an UPDATE (RFC 2136), its signature (TSIG,
// RFC 8945), and the reading of an answer.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"

namespace sp::acme::dns {

enum class Type : std::uint16_t { cname = 5, soa = 6, txt = 16, tsig = 250 };

inline constexpr std::size_t most_message = 65535;
inline constexpr std::size_t most_records = 1000;

/// A key that client and server share; HMAC-SHA256 alone.
struct TsigKey {
  std::string name{};  ///< "sallyport-acme." in lower case
  Secret secret{};
  /// From what `tsig-keygen` writes, `key "NAME" { algorithm hmac-sha256; secret "BASE64"; };`, or
  /// from NAME:BASE64.
  static Result<TsigKey> parse(const Secret& text);
};

/// "example.com" as labels in wire form, lower case, with the root at the end (RFC 1035 section
/// 3.1). `invalid_input` for an empty label, one over 63 bytes, or over 255 bytes in all.
Result<Bytes> wire_name(std::string_view name);

/// What may be asked and changed.
Result<Bytes> question(std::uint16_t id, std::string_view name, Type type);
enum class Change : std::uint8_t { add, take };
/// Adds the TXT record to `zone`, or takes exactly it away. At most 255 bytes of text.
Result<Bytes> txt_update(std::uint16_t id, std::string_view zone, std::string_view name,
                         std::string_view text, Change change);

/// `message` with a TSIG record at its end; `mac` receives what the answer's signature builds on.
Result<Bytes> sign(const Bytes& message, const TsigKey& key, Instant now, openssl::Digest& mac);
/// `forbidden` unless `answer` is signed with `key` over `request_mac`, within 5 minutes of `now`.
/// The error names BADKEY, BADSIG or BADTIME where the server says so.
Outcome verify(BytesView answer, const TsigKey& key, Instant now,
               const openssl::Digest& request_mac);

struct Record {
  std::string name{};  ///< lower case, with the dot at the end
  std::uint16_t type = 0;
  std::uint16_t of_class = 0;
  std::uint32_t lifetime = 0;  ///< seconds
  BytesView data{};            ///< into the message
  std::size_t at = 0;          ///< where the record begins in the message
};
struct Answer {
  std::uint16_t id = 0;
  std::uint8_t code = 0;  ///< RCODE: 0 is good
  std::vector<Record> answers{};
  std::vector<Record> authority{};
  std::vector<Record> additional{};
};
/// `corrupt` for whatever does not hold together. The records point into `message`.
Result<Answer> parse(BytesView message);
/// The strings of a TXT record, joined.
Result<std::string> text_of(const Record& record);
/// "refused (5)", with what to do where we know it.
std::string describe_code(unsigned code);

}  // namespace sp::acme::dns
