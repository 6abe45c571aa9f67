// What changes names: one or two questions each.
#include "edge-gateway/sftp/internal/task.h"

namespace sp::edge_gateway::sftp {
namespace {

bool is_good(const Reply& reply) {
  const auto* status = std::get_if<Status>(&reply);
  return status != nullptr && *status == Status::ok;
}

class Rename final : public Task {
  [[nodiscard]] std::string_view action() const override { return "rename"; }
  // Never over something: a rename of SFTP version 3 refuses that, but not at every server.
  void begin() override {
    ask(link_stat(request_.to), [this](const Reply& there) {
      if (std::holds_alternative<Attributes>(there)) return fail("exists");
      ask(rename(request_.path, request_.to), [this](const Reply& reply) {
        return is_good(reply) ? finish(0, {}) : fail_unless_there(reply, request_.to);
      });
    });
  }

 public:
  using Task::Task;
};

class Removal final : public Task {
  [[nodiscard]] std::string_view action() const override { return "remove"; }
  void begin() override {
    ask(link_stat(request_.path), [this](const Reply& reply) {
      const auto* there = std::get_if<Attributes>(&reply);
      if (there == nullptr) return fail_by(reply);
      order(is_folder(*there) ? remove_folder(request_.path) : remove(request_.path),
            [this] { finish(0, {}); });
    });
  }

 public:
  using Task::Task;
};

class MakeFolder final : public Task {
  [[nodiscard]] std::string_view action() const override { return "mkdir"; }
  void begin() override {
    ask(sftp::make_folder(request_.path), [this](const Reply& reply) {
      return is_good(reply) ? finish(0, {}) : fail_unless_there(reply, request_.path);
    });
  }

 public:
  using Task::Task;
};

}  // namespace

std::unique_ptr<Task> make_rename(Client& client, FileSink& sink, const FileRequest& request) {
  return std::make_unique<Rename>(client, sink, request);
}
std::unique_ptr<Task> make_removal(Client& client, FileSink& sink, const FileRequest& request) {
  return std::make_unique<Removal>(client, sink, request);
}
std::unique_ptr<Task> make_folder(Client& client, FileSink& sink, const FileRequest& request) {
  return std::make_unique<MakeFolder>(client, sink, request);
}

}  // namespace sp::edge_gateway::sftp
