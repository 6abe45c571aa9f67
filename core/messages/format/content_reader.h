#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "core/messages/format/content.h"
#include "core/messages/format/seal.h"

namespace sp::messages {

/// Takes opened plain bytes in pieces of any size and tells header, files and end apart. Callbacks
/// come in the order of the content; `on_file` is called with the file's place and its next bytes,
/// once with none for an empty file.
class ContentReader {
 public:
  using OnHeader = std::function<Outcome(const Content&)>;
  using OnFile = std::function<Outcome(std::size_t index, BytesView data)>;

  ContentReader(OnHeader on_header, OnFile on_file)
      : on_header_(std::move(on_header)), on_file_(std::move(on_file)) {}
  Outcome take(BytesView plain);
  /// `corrupt` unless header, every file and the zeros up to the padded size were there.
  [[nodiscard]] Outcome finish() const;

 private:
  Outcome take_header(BytesView& plain);
  Outcome take_files(BytesView& plain);
  Outcome begin_files();
  [[nodiscard]] std::uint64_t content_size() const;

  OnHeader on_header_;
  OnFile on_file_;
  Secret head_;  // the size, then the header, as far as they came
  std::size_t head_used_ = 0;
  std::optional<Content> content_;
  std::uint64_t header_size_ = 0;
  std::size_t file_ = 0;
  std::uint64_t left_in_file_ = 0;
  std::uint64_t total_ = 0;
};

/// Opens a whole sealed content: segments, then what is in them. For sources that already hold or
/// receive the bytes; `sealed` gives them in pieces.
Outcome open_content(const ContentKey& key, const MessageId& id, const Source& sealed,
                     const ContentReader::OnHeader& on_header,
                     const ContentReader::OnFile& on_file);

}  // namespace sp::messages
