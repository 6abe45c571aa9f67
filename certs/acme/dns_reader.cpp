#include "certs/acme/dns_reader.h"

#include <cctype>

#include "certs/acme/dns_message.h"

namespace sp::acme::dns {
namespace {

Error broken() {
  return {Code::corrupt, "the name server's answer does not hold together"};
}

constexpr std::size_t most_name = 255;
constexpr std::size_t header_size = 12;

char readable(std::byte byte) {
  const auto c = std::to_integer<unsigned char>(byte);
  if (std::isalnum(c) != 0) return static_cast<char>(std::tolower(c));
  return c == '-' || c == '_' ? static_cast<char>(c) : '?';
}

Result<Record> record(MessageReader& reader) {
  Record out;
  out.at = reader.at();
  out.name = TRY(reader.name());
  out.type = TRY(reader.u16());
  out.of_class = TRY(reader.u16());
  out.lifetime = TRY(reader.u32());
  const auto size = TRY(reader.u16());
  out.data = TRY(reader.take(size));
  return out;
}

Result<std::vector<Record>> section(MessageReader& reader, std::size_t count) {
  std::vector<Record> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(TRY(record(reader)));
  return out;
}

}  // namespace

Result<BytesView> MessageReader::take(std::size_t count) {
  if (count > whole_.size() - at_) return broken();
  const auto out = whole_.subspan(at_, count);
  at_ += count;
  return out;
}

Result<std::uint16_t> MessageReader::u16() {
  const auto view = TRY(take(2));
  return bytes::Reader{view}.u16();
}

Result<std::uint32_t> MessageReader::u32() {
  const auto view = TRY(take(4));
  return bytes::Reader{view}.u32();
}

Result<std::string> MessageReader::name() {
  std::string out;
  std::size_t cursor = at_;
  std::size_t before = at_;  // every pointer leads before here
  bool jumped = false;
  while (true) {
    if (cursor >= whole_.size()) return broken();
    const auto size = std::to_integer<std::size_t>(whole_[cursor]);
    if ((size & 0xC0U) == 0xC0U) {
      if (cursor + 1 >= whole_.size()) return broken();
      const auto target = ((size & 0x3FU) << 8U) | std::to_integer<std::size_t>(whole_[cursor + 1]);
      if (target >= before) return broken();
      if (!jumped) at_ = cursor + 2;
      jumped = true;
      before = cursor = target;
      continue;
    }
    if (size > 63 || size > whole_.size() - cursor - 1) return broken();
    if (size == 0) {
      if (!jumped) at_ = cursor + 1;
      return out.empty() ? "." : out;
    }
    for (const auto byte : whole_.subspan(cursor + 1, size)) out += readable(byte);
    out += '.';
    if (out.size() > most_name) return broken();
    cursor += size + 1;
  }
}

Result<Answer> parse(BytesView message) {
  if (message.size() < header_size || message.size() > most_message) return broken();
  MessageReader reader{message};
  Answer out;
  out.id = TRY(reader.u16());
  const auto flags = TRY(reader.u16());
  if ((flags & 0x8000U) == 0) return broken();  // a question
  out.code = static_cast<std::uint8_t>(flags & 0x0FU);
  const auto questions = TRY(reader.u16());
  const auto answers = TRY(reader.u16());
  const auto authority = TRY(reader.u16());
  const auto additional = TRY(reader.u16());
  if (questions > 1 || answers + authority + additional > static_cast<int>(most_records))
    return broken();
  if (questions == 1) {
    TRY(reader.name());
    TRY(reader.take(4));
  }
  out.answers = TRY(section(reader, answers));
  out.authority = TRY(section(reader, authority));
  out.additional = TRY(section(reader, additional));
  if (reader.at() != message.size()) return broken();
  return out;
}

Result<std::string> text_of(const Record& record) {
  std::string out;
  bytes::Reader reader{record.data};
  while (!reader.rest().empty()) {
    const auto size = TRY(reader.u8());
    const auto part = TRY(reader.take(size));
    out += bytes::text(part);
  }
  return out;
}

}  // namespace sp::acme::dns
