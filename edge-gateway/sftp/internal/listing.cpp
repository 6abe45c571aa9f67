#include "edge-gateway/sftp/internal/task.h"

namespace sp::edge_gateway::sftp {
namespace {

constexpr std::size_t most_entries = 100'000;
// An answer becomes one message of at most 64 KiB to the page, in which a byte may take six.
constexpr std::size_t most_in_answer = 40U << 10U;
constexpr std::size_t entry_overhead = 120;
constexpr std::size_t most_name = 1'024;
constexpr std::uint32_t permission_bits = 07777;

std::string_view kind_of(const Attributes& attributes) {
  if (is_file(attributes)) return "file";
  if (is_folder(attributes)) return "folder";
  return is_link(attributes) ? "link" : "other";
}

// A name that no page could ask for again is left out: the host's own, or not of UTF-8.
bool is_listed(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.size() <= most_name &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos &&
         bytes::is_utf8(name);
}

std::size_t cost_of(std::string_view name) {
  std::size_t out = entry_overhead;
  for (const char c : name) out += static_cast<unsigned char>(c) < 0x20 ? 6 : 2;
  return out;
}

FileEntry entry_of(const Named& named) {
  const auto& has = named.attributes;
  return {named.name, std::string{kind_of(has)}, has.size.value_or(0), has.changed_at.value_or(0),
          has.mode.value_or(0) & permission_bits};
}

class Listing final : public Task {
 public:
  using Task::Task;
  void step() override;

 private:
  void begin() override;
  void add(const std::vector<Named>& names);
  void read(const Reply& reply);
  void tell(bool done);

  bool asked_ = false;
  std::size_t count_ = 0, cost_ = 0;
  FileAnswer next_;
};

void Listing::begin() {
  const auto path = request_.path.empty() ? std::string{"."} : request_.path;
  ask(open_folder(path), [this](const Reply& reply) {
    const auto* handle = std::get_if<Handle>(&reply);
    if (handle == nullptr) return fail_by(reply);
    handle_ = handle->bytes;
    step();
  });
}

void Listing::step() {
  if (handle_.empty() || asked_ || sink_.full()) return;
  asked_ = true;
  ask(read_folder(handle_), [this](const Reply& reply) {
    asked_ = false;
    read(reply);
  });
}

void Listing::read(const Reply& reply) {
  if (const auto* names = std::get_if<std::vector<Named>>(&reply)) {
    add(*names);
    return over() ? void() : step();
  }
  const auto* status = std::get_if<Status>(&reply);
  if (status == nullptr || *status != Status::end_of_file) return fail_by(reply);
  tell(true);
}

void Listing::add(const std::vector<Named>& names) {
  count_ += names.size();
  if (count_ > most_entries) return fail("too_large");
  for (const auto& named : names) {
    if (!is_listed(named.name)) continue;
    const auto cost = cost_of(named.name);
    if (cost_ + cost > most_in_answer) tell(false);
    cost_ += cost;
    next_.entries.push_back(entry_of(named));
  }
}

void Listing::tell(bool done) {
  next_.type = "entries";
  next_.done = done;
  answer(std::exchange(next_, {}));
  cost_ = 0;
  if (done) close_quietly();
}

}  // namespace

std::unique_ptr<Task> make_listing(Client& client, FileSink& sink, const FileRequest& request) {
  return std::make_unique<Listing>(client, sink, request);
}

}  // namespace sp::edge_gateway::sftp
