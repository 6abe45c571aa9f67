#include <algorithm>
#include <deque>

#include "base/openssl/hasher.h"
#include "edge-gateway/sftp/internal/task.h"

namespace sp::edge_gateway::sftp {
namespace {

constexpr std::uint64_t tell_every = 64U << 10U;
constexpr std::uint32_t permission_bits = 0777;

struct Stretch {
  std::uint64_t offset = 0, size = 0;
  bool written = false;
};

// Into `path.part`, which gets the name when it is whole. What was cut stays there, and can be gone
// on with.
class Upload final : public Task {
 public:
  Upload(Client& client, FileSink& sink, const FileRequest& request)
      : Task(client, sink, request),
        part_(request.path + ".part"),
        came_(request.offset),
        next_(request.offset),
        written_(request.offset),
        told_(request.offset) {}
  void take(BytesView upload) override;

 private:
  void begin() override;
  [[nodiscard]] std::string_view action() const override { return "upload"; }
  [[nodiscard]] std::uint64_t moved() const override { return written_; }

  void judge_target(const Reply& reply);
  void open_new();
  void open_again();
  void open_part(std::uint32_t flags, std::function<void()> then);
  void hash_prefix(std::uint64_t from);
  void opened();
  void write_what_came();
  void wrote(std::uint64_t offset, const Reply& reply);
  void tell();
  void put_in_place();
  void name_it();

  const std::string part_;
  std::optional<std::uint32_t> mode_;  // of the file that is replaced
  bool open_ = false;
  std::uint64_t came_, next_, written_, told_;  // ends of what came, was sent, is written, was told
  Bytes waiting_;                               // what came before it was open
  std::deque<Stretch> stretches_;
  openssl::Hasher hasher_;
};

void Upload::begin() {
  if (request_.offset > request_.size) return fail("changed");
  ask(link_stat(request_.path), [this](const Reply& reply) { judge_target(reply); });
}

void Upload::judge_target(const Reply& reply) {
  if (const auto* there = std::get_if<Attributes>(&reply)) {
    if (!request_.replace || is_folder(*there)) return fail("exists");
    if (is_file(*there)) mode_ = *there->mode & permission_bits;
  } else if (const auto* status = std::get_if<Status>(&reply);
             status == nullptr || *status != Status::no_such_file) {
    return fail_by(reply);
  }
  return request_.offset == 0 ? open_new() : open_again();
}

// Never into a file, or through a link, that somebody else put there.
void Upload::open_new() {
  ask(remove(part_), [this](const Reply& /*there was one, or not*/) {
    open_part(open_flag::write | open_flag::create | open_flag::exclusive, [this] { opened(); });
  });
}

void Upload::open_again() {
  ask(link_stat(part_), [this](const Reply& reply) {
    const auto* there = std::get_if<Attributes>(&reply);
    if (there == nullptr || !is_file(*there) || there->size.value_or(0) < request_.offset)
      return fail("changed");
    open_part(open_flag::read | open_flag::write,
              [this] { order(cut(handle_, request_.offset), [this] { hash_prefix(0); }); });
  });
}

void Upload::open_part(std::uint32_t flags, std::function<void()> then) {
  ask(open(part_, flags, mode_), [this, then = std::move(then)](const Reply& reply) {
    const auto* handle = std::get_if<Handle>(&reply);
    if (handle == nullptr) return fail_by(reply);
    handle_ = handle->bytes;
    then();
  });
}

// The digest is of the whole file, so what is there already is read back.
void Upload::hash_prefix(std::uint64_t from) {
  if (from == request_.offset) return opened();
  const auto size = std::min<std::uint64_t>(request_.offset - from, most_data);
  ask(read(handle_, from, static_cast<std::uint32_t>(size)),
      [this, from, size](const Reply& reply) {
        const auto* data = std::get_if<Data>(&reply);
        if (data == nullptr || data->bytes.empty() || data->bytes.size() > size)
          return fail("changed");
        hasher_.add(data->bytes);
        hash_prefix(from + data->bytes.size());
      });
}

void Upload::opened() {
  open_ = true;
  FileAnswer more;
  more.type = "more";
  more.seen = written_;
  answer(std::move(more));
  write_what_came();
  if (written_ == request_.size) put_in_place();
}

void Upload::take(BytesView upload) {
  came_ += upload.size();
  if (came_ > request_.size || came_ - told_ > file_window + tell_every) return fail("too_large");
  bytes::append(waiting_, upload);
  if (open_) write_what_came();
}

void Upload::write_what_came() {
  hasher_.add(waiting_);
  for (BytesView rest = waiting_; !rest.empty();) {
    const auto piece = rest.first(std::min<std::size_t>(rest.size(), most_data));
    rest = rest.subspan(piece.size());
    stretches_.push_back({next_, piece.size(), false});
    ask(write(handle_, next_, piece),
        [this, offset = next_](const Reply& reply) { wrote(offset, reply); });
    next_ += piece.size();
  }
  waiting_.clear();
}

void Upload::wrote(std::uint64_t offset, const Reply& reply) {
  const auto* status = std::get_if<Status>(&reply);
  const auto stretch = std::ranges::find(stretches_, offset, &Stretch::offset);
  if (status == nullptr || *status != Status::ok || stretch == stretches_.end())
    return fail_by(reply);
  stretch->written = true;
  for (; !stretches_.empty() && stretches_.front().written; stretches_.pop_front())
    written_ += stretches_.front().size;
  if (written_ - told_ >= tell_every || stretches_.empty()) tell();
  if (written_ == request_.size) put_in_place();
}

void Upload::tell() {
  told_ = written_;
  FileAnswer more;
  more.type = "more";
  more.seen = written_;
  answer(std::move(more));
}

// Closed first, since a full disk may show only then.
void Upload::put_in_place() {
  order(close(std::exchange(handle_, {})), [this] {
    if (!request_.replace || client_.renames_over()) return name_it();
    ask(remove(request_.path), [this](const Reply& /*there was one, or not*/) { name_it(); });
  });
}

void Upload::name_it() {
  const bool over_it = request_.replace && client_.renames_over();
  const auto& path = request_.path;
  ask(over_it ? rename_over(part_, path) : rename(part_, path), [this](const Reply& reply) {
    const auto* status = std::get_if<Status>(&reply);
    if (status == nullptr || *status != Status::ok) return fail_unless_there(reply, request_.path);
    finish(request_.size, hasher_.finish());
  });
}

}  // namespace

std::unique_ptr<Task> make_upload(Client& client, FileSink& sink, const FileRequest& request) {
  return std::make_unique<Upload>(client, sink, request);
}

}  // namespace sp::edge_gateway::sftp
