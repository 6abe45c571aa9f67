#include "certs/acme/dns_message.h"

#include <algorithm>
#include <cctype>

#include "certs/acme/dns_reader.h"

namespace sp::acme::dns {
namespace {

constexpr std::uint16_t in = 1;
constexpr std::uint16_t none = 254;
constexpr std::uint16_t opcode_update = 5U << 11U;
constexpr std::uint16_t recursion_desired = 1U << 8U;
constexpr std::uint32_t lifetime = 60;  // seconds that others may keep the record

void header(bytes::Writer& out, std::uint16_t id, std::uint16_t flags, std::uint16_t updates) {
  out.u16(id).u16(flags).u16(1).u16(0).u16(updates).u16(0);
}

void put(bytes::Writer& out, const Bytes& name, Type type, std::uint16_t of_class) {
  out.raw(name).u16(static_cast<std::uint16_t>(type)).u16(of_class);
}

}  // namespace

Result<Bytes> wire_name(std::string_view name) {
  const Error refused{Code::invalid_input,
                      "\"" + std::string{name.substr(0, 80)} + "\" is no name for the DNS"};
  if (name.ends_with('.')) name.remove_suffix(1);
  bytes::Writer out;
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    const auto label = name.substr(0, dot);
    if (label.empty() || label.size() > 63) return refused;
    out.u8(static_cast<std::uint8_t>(label.size()));
    for (const char c : label)
      out.u8(static_cast<std::uint8_t>(std::tolower(static_cast<unsigned char>(c))));
    if (dot + 1 == name.size()) return refused;
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  out.u8(0);
  if (out.view().size() > 255) return refused;
  return out.take();
}

Result<Bytes> question(std::uint16_t id, std::string_view name, Type type) {
  bytes::Writer out;
  header(out, id, recursion_desired, 0);
  put(out, TRY(wire_name(name)), type, in);
  return out.take();
}

Result<Bytes> txt_update(std::uint16_t id, std::string_view zone, std::string_view name,
                         std::string_view text, Change change) {
  if (text.size() > 255) return Error{Code::invalid_input, "a TXT record takes 255 bytes"};
  const bool adds = change == Change::add;
  bytes::Writer out;
  header(out, id, opcode_update, 1);
  put(out, TRY(wire_name(zone)), Type::soa, in);
  // RFC 2136 sections 2.5.1 and 2.5.4: to add, the zone's class; to take one record away, NONE and
  // no time to live.
  put(out, TRY(wire_name(name)), Type::txt, adds ? in : none);
  out.u32(adds ? lifetime : 0);
  out.u16(static_cast<std::uint16_t>(text.size() + 1));
  out.u8(static_cast<std::uint8_t>(text.size())).raw(text);
  return out.take();
}

std::string describe_code(unsigned code) {
  switch (code) {
    case 1:
      return "format error (1)";
    case 2:
      return "server failure (2): look into the name server's log";
    case 3:
      return "no such name (3)";
    case 4:
      return "not implemented (4): it does not take dynamic updates";
    case 5:
      return "refused (5): allow updates of this name to this key (update-policy, acl)";
    case 9:
      return "not authoritative (9): name the zone with zone=, and its primary server";
    case 10:
      return "name not in the zone (10): name another with zone=";
    case 16:
      return "bad signature (16): the secret is another one there";
    case 17:
      return "unknown key (17): no key of this name there";
    case 18:
      return "bad time (18): the clocks differ by more than 5 minutes";
    default:
      return "error " + std::to_string(code);
  }
}

}  // namespace sp::acme::dns
