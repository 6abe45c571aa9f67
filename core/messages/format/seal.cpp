#include "core/messages/format/seal.h"

#include <algorithm>

#include "core/messages/format/padding.h"

namespace sp::messages {
namespace {

constexpr std::size_t sealed_segment_size = segment_size + openssl::gcm_tag_size;

// The key seals one message only, so the segment's number is a nonce that never comes twice.
openssl::Nonce nonce_of(std::uint64_t number) {
  const auto raw = bytes::Writer{}.u32(0).u64(number).take();
  openssl::Nonce nonce{};
  std::ranges::copy(raw, nonce.begin());
  return nonce;
}

Bytes aad_of(const MessageId& id, std::uint64_t number, bool last) {
  return bytes::Writer{}
      .raw("sallyport message v1")
      .raw(id.bytes)
      .u64(number)
      .u8(last ? 1 : 0)
      .take();
}

// Collects plain bytes and seals each full segment once it is known whether another follows.
class SegmentSealer {
 public:
  SegmentSealer(const ContentKey& key, const MessageId& id, const Sink& out)
      : key_(key), id_(id), out_(out), buffer_(segment_size) {}

  Outcome take(BytesView plain) {
    while (!plain.empty()) {
      if (used_ == segment_size) TRY(flush(false));
      const auto count = std::min(plain.size(), segment_size - used_);
      std::ranges::copy(plain.first(count), space().begin());
      used_ += count;
      plain = plain.subspan(count);
    }
    return {};
  }
  Outcome finish() { return flush(true); }

 private:
  std::span<std::byte> space() { return buffer_.expose_mutable().subspan(used_); }
  Outcome flush(bool last) {
    const auto plain = buffer_.expose().first(used_);
    const auto sealed =
        openssl::gcm_seal(key_.value, nonce_of(next_), aad_of(id_, next_, last), plain);
    used_ = 0;
    ++next_;
    return out_(sealed);
  }

  const ContentKey& key_;
  MessageId id_;
  const Sink& out_;
  Secret buffer_;
  std::size_t used_ = 0;
  std::uint64_t next_ = 0;
};

Outcome copy_files(std::uint64_t expected, const Source& files, SegmentSealer& sealer) {
  Secret piece{segment_size};
  std::uint64_t seen = 0;
  while (true) {
    const auto count = TRY(files(piece.expose_mutable()));
    if (count == 0) break;
    seen += count;
    if (seen > expected) return Error{Code::invalid_input, "content: a file is longer than said"};
    TRY(sealer.take(piece.expose().first(count)));
  }
  if (seen != expected) return Error{Code::invalid_input, "content: a file is shorter than said"};
  return {};
}

Outcome pad(std::uint64_t zeros, SegmentSealer& sealer) {
  const Bytes piece(std::min<std::uint64_t>(zeros, segment_size));
  while (zeros > 0) {
    const auto count = std::min<std::uint64_t>(zeros, piece.size());
    TRY(sealer.take(BytesView{piece}.first(count)));
    zeros -= count;
  }
  return {};
}

}  // namespace

Outcome seal(const ContentKey& key, const MessageId& id, const Content& content,
             const Source& files, const Sink& segments) {
  const auto header = TRY(encode_header(content));
  const auto files_size = content.files_size();
  const auto size = 4 + header.size() + files_size;

  SegmentSealer sealer{key, id, segments};
  TRY(sealer.take(bytes::Writer{}.u32(static_cast<std::uint32_t>(header.size())).view()));
  TRY(sealer.take(header.expose()));
  TRY(copy_files(files_size, files, sealer));
  TRY(pad(padded(size) - size, sealer));
  return sealer.finish();
}

Result<std::uint64_t> sealed_size(const Content& content) {
  const auto header = TRY(encode_header(content));
  return sealed_size(padded(4 + header.size() + content.files_size()));
}

Outcome SegmentOpener::take(BytesView sealed, const Sink& plain) {
  while (!sealed.empty()) {
    if (pending_.size() == sealed_segment_size) TRY(open_segment(false, plain));
    const auto count = std::min(sealed.size(), sealed_segment_size - pending_.size());
    bytes::append(pending_, sealed.first(count));
    sealed = sealed.subspan(count);
  }
  return {};
}

Outcome SegmentOpener::finish(const Sink& plain) {
  if (pending_.size() <= openssl::gcm_tag_size) return Error{Code::corrupt, "content: cut off"};
  return open_segment(true, plain);
}

Outcome SegmentOpener::open_segment(bool last, const Sink& plain) {
  const auto opened =
      TRY(openssl::gcm_open(key_.value, nonce_of(next_), aad_of(id_, next_, last), pending_));
  pending_.clear();
  ++next_;
  return plain(opened.expose());
}

}  // namespace sp::messages
