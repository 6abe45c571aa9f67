#include "core/messages/format/content_reader.h"

#include <algorithm>

#include "core/messages/format/padding.h"

namespace sp::messages {
namespace {

Error damaged(const char* what) {
  return {Code::corrupt, std::string{"content: "} + what};
}

}  // namespace

Outcome ContentReader::take(BytesView plain) {
  total_ += plain.size();
  if (!content_) TRY(take_header(plain));
  if (content_) TRY(take_files(plain));
  if (std::ranges::any_of(plain, [](std::byte b) { return b != std::byte{0}; }))
    return damaged("bytes after the last file");
  return {};
}

Outcome ContentReader::take_header(BytesView& plain) {
  const auto fill = [&](std::size_t wanted) {
    const auto count = std::min(plain.size(), wanted - head_used_);
    std::ranges::copy(plain.first(count), head_.expose_mutable().subspan(head_used_).begin());
    head_used_ += count;
    plain = plain.subspan(count);
    return head_used_ == wanted;
  };
  if (header_size_ == 0) {
    if (head_.empty()) head_ = Secret{4};
    if (!fill(4)) return {};
    header_size_ = TRY(bytes::Reader{head_.expose()}.u32());
    if (header_size_ == 0 || header_size_ > max_header_size) return damaged("header size");
    head_ = Secret{header_size_};
    head_used_ = 0;
  }
  if (!fill(header_size_)) return {};
  return begin_files();
}

Outcome ContentReader::begin_files() {
  content_ = TRY(decode_header(head_));
  head_ = {};
  TRY(on_header_(*content_));
  if (!content_->files.empty()) left_in_file_ = content_->files.front().size;
  return {};
}

Outcome ContentReader::take_files(BytesView& plain) {
  while (file_ < content_->files.size()) {
    if (plain.empty() && left_in_file_ > 0) return {};
    const auto count = std::min<std::uint64_t>(plain.size(), left_in_file_);
    TRY(on_file_(file_, plain.first(count)));
    plain = plain.subspan(count);
    left_in_file_ -= count;
    if (left_in_file_ > 0) return {};
    ++file_;
    if (file_ < content_->files.size()) left_in_file_ = content_->files[file_].size;
  }
  return {};
}

std::uint64_t ContentReader::content_size() const {
  return 4 + header_size_ + content_->files_size();
}

Outcome ContentReader::finish() const {
  if (!content_ || file_ < content_->files.size()) return damaged("cut off");
  if (total_ != padded(content_size())) return damaged("padding");
  return {};
}

Outcome open_content(const ContentKey& key, const MessageId& id, const Source& sealed,
                     const ContentReader::OnHeader& on_header,
                     const ContentReader::OnFile& on_file) {
  ContentReader reader{on_header, on_file};
  const Sink plain = [&](BytesView view) { return reader.take(view); };
  SegmentOpener opener{key, id};
  Bytes piece(segment_size);
  while (true) {
    const auto count = TRY(sealed(piece));
    if (count == 0) break;
    TRY(opener.take(BytesView{piece}.first(count), plain));
  }
  TRY(opener.finish(plain));
  return reader.finish();
}

}  // namespace sp::messages
