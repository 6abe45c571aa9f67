#include <algorithm>
#include <deque>

#include "base/openssl/hasher.h"
#include "edge-gateway/sftp/internal/task.h"

namespace sp::edge_gateway::sftp {
namespace {

constexpr std::size_t most_reads = 16;  // under way at once

/// A stretch of the file that was asked for. A server may give less than it was asked: the rest is
/// asked for again.
struct Stretch {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  Bytes data;
};

// Reads from the beginning also when it goes on later, since the digest is of the whole file.
class Download final : public Task {
 public:
  Download(Client& client, FileSink& sink, const FileRequest& request)
      : Task(client, sink, request), seen_(request.offset) {}
  void step() override;
  void taken(std::uint64_t seen) override {
    seen_ = std::clamp(seen, seen_, std::max(seen_, told_));
  }

 private:
  void begin() override;
  [[nodiscard]] std::string_view action() const override { return "download"; }
  [[nodiscard]] std::uint64_t moved() const override { return told_; }

  void open_file(const Attributes& attributes);
  void opened(const Attributes& attributes);
  void read_next();
  void ask_for(const Stretch& stretch);
  void got(std::uint64_t offset, const Reply& reply);
  void hand_on();
  void tell(BytesView data);
  void look_behind_end();

  std::optional<std::uint64_t> size_;  // once it is open
  std::uint64_t next_ = 0;             // to be asked for
  std::uint64_t told_ = 0;             // handed on, or before the offset
  std::uint64_t seen_ = 0;
  std::deque<Stretch> stretches_;
  openssl::Hasher hasher_;
};

// Asked before it is opened: opening a pipe would hold up the host's whole SFTP.
void Download::begin() {
  ask(stat(request_.path), [this](const Reply& reply) {
    const auto* attributes = std::get_if<Attributes>(&reply);
    return attributes != nullptr ? open_file(*attributes) : fail_by(reply);
  });
}

void Download::open_file(const Attributes& attributes) {
  if (!is_file(attributes)) return fail("forbidden");
  ask(open(request_.path, open_flag::read), [this](const Reply& reply) {
    const auto* handle = std::get_if<Handle>(&reply);
    if (handle == nullptr) return fail_by(reply);
    handle_ = handle->bytes;
    ask(handle_stat(handle_), [this](const Reply& told) {
      const auto* now = std::get_if<Attributes>(&told);
      return now != nullptr ? opened(*now) : fail_by(told);
    });
  });
}

void Download::opened(const Attributes& attributes) {
  if (!attributes.size) return fail("unavailable");
  if (*attributes.size < request_.offset) return fail("changed");
  size_ = attributes.size;
  FileAnswer open;
  open.type = "opened";
  open.size = *size_;
  answer(std::move(open));
  step();
}

void Download::step() {
  if (!size_) return;
  if (told_ == *size_ && stretches_.empty()) return look_behind_end();
  while (!over() && stretches_.size() < most_reads && next_ < *size_ && !sink_.full() &&
         next_ < seen_ + file_window)
    read_next();
}

void Download::read_next() {
  const auto window = std::min(*size_, seen_ + file_window) - next_;
  const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(window, most_data));
  stretches_.push_back({next_, size, {}});
  next_ += size;
  ask_for(stretches_.back());
}

void Download::ask_for(const Stretch& stretch) {
  const auto have = static_cast<std::uint32_t>(stretch.data.size());
  ask(read(handle_, stretch.offset + have, stretch.size - have),
      [this, offset = stretch.offset](const Reply& reply) { got(offset, reply); });
}

void Download::got(std::uint64_t offset, const Reply& reply) {
  const auto stretch = std::ranges::find(stretches_, offset, &Stretch::offset);
  const auto* data = std::get_if<Data>(&reply);
  const auto* status = std::get_if<Status>(&reply);
  if (status != nullptr && *status == Status::end_of_file) return fail("changed");
  if (data == nullptr || stretch == stretches_.end()) return fail_by(reply);
  const auto missing = stretch->size - stretch->data.size();
  if (data->bytes.empty() || data->bytes.size() > missing) return fail("unavailable");
  bytes::append(stretch->data, data->bytes);
  if (data->bytes.size() < missing) return ask_for(*stretch);
  hand_on();
  step();
}

// In order, whatever order the answers came in.
void Download::hand_on() {
  while (!stretches_.empty() && stretches_.front().data.size() == stretches_.front().size) {
    const auto& data = stretches_.front().data;
    hasher_.add(data);
    tell(data);
    told_ += data.size();
    stretches_.pop_front();
  }
}

void Download::tell(BytesView data) {
  const auto before = request_.offset > told_ ? request_.offset - told_ : 0;
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(before, data.size()));
  const auto rest = data.subspan(skipped);
  if (!rest.empty()) sink_.download({request_.request, rest});
}

// What grew while it was read is not what was promised.
void Download::look_behind_end() {
  const auto size = *std::exchange(size_, std::nullopt);
  ask(read(handle_, size, 1), [this, size](const Reply& reply) {
    const auto* status = std::get_if<Status>(&reply);
    if (status == nullptr || *status != Status::end_of_file) return fail("changed");
    finish(size, hasher_.finish());
  });
}

}  // namespace

std::unique_ptr<Task> make_download(Client& client, FileSink& sink, const FileRequest& request) {
  return std::make_unique<Download>(client, sink, request);
}

}  // namespace sp::edge_gateway::sftp
