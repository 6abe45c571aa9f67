#include "base/bytes/bytes.h"
#include "core/cli/websocket.h"

namespace sp::cli {
namespace {

constexpr unsigned last_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f, mask_bit = 0x80;

Error bad(std::string_view why) {
  return Error{Code::corrupt, "the gateway's answer: " + std::string{why}};
}

struct Head {
  bool last = false;
  unsigned opcode = 0;
  std::size_t size = 0, head_size = 0;
};

// Section 5.2; nothing while more bytes are needed.
Result<std::optional<Head>> head_of(std::string_view input) {
  if (input.size() < 2) return std::optional<Head>{};
  bytes::Reader reader{bytes::of(input)};
  const unsigned first = TRY(reader.u8());
  const unsigned second = TRY(reader.u8());
  if ((first & reserved_bits) != 0 || (second & mask_bit) != 0) return bad("frame");
  const std::size_t more = second == 126 ? 2 : second == 127 ? 8 : 0;
  if (input.size() < 2 + more) return std::optional<Head>{};
  std::uint64_t size = second;
  if (more == 2) size = TRY(reader.u16());
  if (more == 8) size = TRY(reader.u64());
  if (size > FrameReader::most_message) return bad("frame too large");
  return std::optional{
      Head{(first & last_bit) != 0, first & opcode_bits, static_cast<std::size_t>(size), 2 + more}};
}

Message message_of(FrameKind kind, std::string data) {
  Message out{kind, std::move(data), 0};
  if (kind != FrameKind::close || out.data.size() < 2) return out;
  const auto high = static_cast<unsigned char>(out.data[0]);
  const auto low = static_cast<unsigned char>(out.data[1]);
  out.code = high * 256 + low;
  out.data.erase(0, 2);
  return out;
}

}  // namespace

Result<std::optional<Message>> FrameReader::next() {
  while (true) {
    const auto head = TRY(head_of(input_));
    if (!head || input_.size() < head->head_size + head->size) return std::optional<Message>{};
    auto data = input_.substr(head->head_size, head->size);
    input_.erase(0, head->head_size + head->size);
    if (head->opcode >= 8) {
      if (head->opcode > 10 || !head->last || head->size > 125) return bad("control frame");
      return std::optional{message_of(static_cast<FrameKind>(head->opcode), std::move(data))};
    }
    const bool goes_on = head->opcode == 0;
    if (goes_on != joining_.has_value() || head->opcode > 2) return bad("fragments");
    if (!goes_on) joining_ = static_cast<FrameKind>(head->opcode);
    joined_ += data;
    if (joined_.size() > most_message) return bad("message too large");
    if (!head->last) continue;
    const auto kind = *std::exchange(joining_, std::nullopt);
    return std::optional{message_of(kind, std::exchange(joined_, {}))};
  }
}

std::string client_frame(FrameKind kind, std::string_view data, Random& random) {
  bytes::Writer head;
  head.u8(static_cast<std::uint8_t>(last_bit | static_cast<unsigned>(kind)));
  if (data.size() < 126)
    head.u8(static_cast<std::uint8_t>(mask_bit | data.size()));
  else if (data.size() <= 0xffff)
    head.u8(mask_bit | 126).u16(static_cast<std::uint16_t>(data.size()));
  else
    head.u8(mask_bit | 127).u64(data.size());
  const auto mask = random.bytes<4>();
  head.raw(mask);
  std::string out{bytes::text(head.view())};
  for (std::size_t at = 0; at < data.size(); ++at)
    out += static_cast<char>(static_cast<std::byte>(data[at]) ^ mask[at % 4]);
  return out;
}

}  // namespace sp::cli
