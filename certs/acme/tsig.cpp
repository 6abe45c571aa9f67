#include <algorithm>
#include <cctype>

#include "certs/acme/dns_message.h"
#include "certs/acme/dns_reader.h"

// RFC 8945. What is signed: the request's MAC with its length (answers only), the message as it was
// before the record was added, and the record's own fields in the order of section 4.3.3.
namespace sp::acme::dns {
namespace {

constexpr std::uint16_t any_class = 255;
constexpr std::uint16_t fudge = 300;  // seconds
constexpr std::string_view algorithm = "hmac-sha256.";
constexpr std::size_t most_secret = 512;

std::uint64_t seconds(Instant at) {
  return static_cast<std::uint64_t>(to_millis(at) / 1000);
}

void put_time(bytes::Writer& out, std::uint64_t at) {
  out.u16(static_cast<std::uint16_t>(at >> 32U)).u32(static_cast<std::uint32_t>(at));
}

Result<Bytes> variables(const TsigKey& key, std::uint64_t at, std::uint16_t tolerance,
                        std::uint16_t error, BytesView other) {
  bytes::Writer out;
  out.raw(TRY(wire_name(key.name))).u16(any_class).u32(0).raw(TRY(wire_name(algorithm)));
  put_time(out, at);
  out.u16(tolerance).u16(error).u16(static_cast<std::uint16_t>(other.size())).raw(other);
  return out.take();
}

struct Fields {
  std::string algorithm;
  std::uint64_t at = 0;
  std::uint16_t fudge = 0;
  BytesView mac;
  std::uint16_t original_id = 0;
  std::uint16_t error = 0;
  BytesView other;
};

Result<Fields> fields(const Record& record) {
  Fields out;
  MessageReader reader{record.data};  // RFC 8945 section 4.2: its names are never compressed
  out.algorithm = TRY(reader.name());
  const auto high = TRY(reader.u16());
  out.at = (std::uint64_t{high} << 32U) | TRY(reader.u32());
  out.fudge = TRY(reader.u16());
  const auto mac_size = TRY(reader.u16());
  out.mac = TRY(reader.take(mac_size));
  out.original_id = TRY(reader.u16());
  out.error = TRY(reader.u16());
  const auto other_size = TRY(reader.u16());
  out.other = TRY(reader.take(other_size));
  return out;
}

// The answer as it was signed: one additional record less, the first id.
Bytes before_signing(BytesView answer, const Record& record, std::uint16_t original_id) {
  auto out = bytes::copy(answer.first(record.at));
  out[0] = static_cast<std::byte>(original_id >> 8U);
  out[1] = static_cast<std::byte>(original_id & 0xFFU);
  const auto count =
      (std::to_integer<unsigned>(out[10]) << 8U | std::to_integer<unsigned>(out[11]));
  out[10] = static_cast<std::byte>((count - 1) >> 8U);
  out[11] = static_cast<std::byte>((count - 1) & 0xFFU);
  return out;
}

// The value of `name "value";` or `name value;`.
std::string_view member(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + name.size());
  const auto from = std::min(text.find_first_not_of(" \t\r\n\""), text.size());
  const auto to = std::min(text.find_first_of("\";{ \t\r\n", from), text.size());
  return text.substr(from, to - from);
}

Result<Secret> secret_of(std::string_view base64) {
  std::string url{base64};
  std::ranges::replace(url, '+', '-');
  std::ranges::replace(url, '/', '_');
  while (url.ends_with('=')) url.pop_back();
  auto raw = bytes::from_base64url(url);
  wipe(url);
  if (!raw || raw->empty() || raw->size() > most_secret)
    return Error{Code::invalid_input, "the TSIG secret is not base64"};
  auto out = Secret::copy_of(*raw);
  wipe(*raw);
  return out;
}

}  // namespace

Result<TsigKey> TsigKey::parse(const Secret& text) {
  auto view = bytes::text(text.expose());
  while (!view.empty() && std::isspace(static_cast<unsigned char>(view.back())) != 0)
    view.remove_suffix(1);
  TsigKey out;
  std::string_view secret;
  if (view.find('{') != std::string_view::npos) {
    const auto of = member(view, "algorithm");
    if (of != "hmac-sha256" && of != "hmac-sha256.")
      return Error{Code::invalid_input,
                   "the TSIG key is not for hmac-sha256: make one with tsig-keygen -a hmac-sha256"};
    out.name = std::string{member(view, "key")};
    secret = member(view, "secret");
  } else {
    const auto colon = std::min(view.find(':'), view.size());
    out.name = std::string{view.substr(0, colon)};
    if (colon < view.size()) secret = view.substr(colon + 1);
  }
  if (out.name.empty() || out.name == "." || secret.empty())
    return Error{Code::invalid_input,
                 "a TSIG key file holds NAME:BASE64, or what tsig-keygen writes"};
  TRY(wire_name(out.name));
  if (!out.name.ends_with('.')) out.name += '.';
  std::ranges::transform(out.name, out.name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  out.secret = TRY(secret_of(secret));
  return out;
}

Result<Bytes> sign(const Bytes& message, const TsigKey& key, Instant now, openssl::Digest& mac) {
  const auto at = seconds(now);
  mac = openssl::hmac_sha256(key.secret.expose(), {message, TRY(variables(key, at, fudge, 0, {}))});
  bytes::Writer data;
  data.raw(TRY(wire_name(algorithm)));
  put_time(data, at);
  data.u16(fudge).u16(static_cast<std::uint16_t>(mac.size())).raw(mac);
  data.raw(BytesView{message}.first(2)).u16(0).u16(0);
  bytes::Writer out;
  out.raw(BytesView{message}.first(10)).u16(1).raw(BytesView{message}.subspan(12));
  out.raw(TRY(wire_name(key.name))).u16(static_cast<std::uint16_t>(Type::tsig));
  out.u16(any_class).u32(0).u16(static_cast<std::uint16_t>(data.view().size())).raw(data.view());
  return out.take();
}

Outcome verify(BytesView answer, const TsigKey& key, Instant now,
               const openssl::Digest& request_mac) {
  const auto parsed = TRY(parse(answer));
  const Error refused{Code::forbidden,
                      "the name server's answer is not signed with the key " + key.name};
  if (parsed.additional.empty()) return refused;
  const auto& record = parsed.additional.back();
  if (record.type != static_cast<std::uint16_t>(Type::tsig) || record.name != key.name ||
      record.of_class != any_class || record.lifetime != 0)
    return refused;
  const auto read = TRY(fields(record));
  if (read.error == 16 || read.error == 17)  // such an answer cannot be signed
    return Error{Code::forbidden, "the name server says: " + describe_code(read.error)};
  bytes::Writer prefix;
  prefix.u16(static_cast<std::uint16_t>(request_mac.size())).raw(request_mac);
  const auto mac = openssl::hmac_sha256(
      key.secret.expose(), {prefix.view(), before_signing(answer, record, read.original_id),
                            TRY(variables(key, read.at, read.fudge, read.error, read.other))});
  if (read.algorithm != algorithm || !openssl::equal(mac, read.mac)) return refused;
  const auto here = seconds(now);
  const auto apart = here > read.at ? here - read.at : read.at - here;
  if (read.error == 18 || apart > fudge)
    return Error{Code::forbidden, "the name server says: " + describe_code(18)};
  return {};
}

}  // namespace sp::acme::dns
