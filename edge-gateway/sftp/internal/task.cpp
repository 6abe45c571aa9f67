#include "edge-gateway/sftp/internal/task.h"

namespace sp::edge_gateway::sftp {

std::string_view code_of(Status status) {
  switch (status) {
    case Status::no_such_file:
      return "not_found";
    case Status::permission_denied:
      return "forbidden";
    default:
      return "unavailable";
  }
}

Task::Task(Client& client, FileSink& sink, FileRequest request)
    : client_(client), sink_(sink), request_(std::move(request)), self_(client.new_owner()) {}

Task::~Task() {
  client_.forget(self_);
}

void Task::begin_once() {
  if (begun_ || over_) return;
  begun_ = true;
  begin();
}

void Task::take(BytesView /*upload*/) {
  fail("unavailable");
}
void Task::taken(std::uint64_t /*seen*/) {}

void Task::ask(const Request& request, Client::Then then) {
  client_.ask(self_, request, [this, then = std::move(then)](const Reply& reply) {
    if (!over_) then(reply);
  });
}

void Task::order(const Request& request, std::function<void()> then) {
  ask(request, [this, then = std::move(then)](const Reply& reply) {
    const auto* status = std::get_if<Status>(&reply);
    return status != nullptr && *status == Status::ok ? then() : fail_by(reply);
  });
}

void Task::answer(FileAnswer answer) {
  answer.request = request_.request;
  sink_.answer(answer);
}

void Task::finish(std::uint64_t size, std::optional<pushpull::Hash> hash) {
  FileAnswer done;
  done.type = "done";
  done.size = size;
  done.sha256 = hash;
  report("done", size, hash);
  answer(std::move(done));
  close_quietly();
}

void Task::close_quietly() {
  over_ = true;
  close_handle();
}

void Task::fail(std::string_view code) {
  if (over_) return;
  FileAnswer failed;
  failed.type = "failed";
  failed.code = code;
  report(code, moved(), std::nullopt);
  answer(std::move(failed));
  close_quietly();
}

void Task::fail_by(const Reply& reply) {
  const auto* status = std::get_if<Status>(&reply);
  fail(code_of(status != nullptr ? *status : Status::failure));
}

// SFTP version 3 has one status for all that is neither absent nor forbidden.
void Task::fail_unless_there(const Reply& reply, const std::string& path) {
  const auto* status = std::get_if<Status>(&reply);
  if (status == nullptr || *status != Status::failure) return fail_by(reply);
  ask(link_stat(path), [this](const Reply& there) {
    fail(std::holds_alternative<Attributes>(there) ? "exists" : "unavailable");
  });
}

void Task::close_handle() {
  if (handle_.empty()) return;
  client_.close(handle_);
  handle_.clear();
}

void Task::report(std::string_view outcome, std::uint64_t size,
                  std::optional<pushpull::Hash> hash) {
  if (action().empty()) return;
  auto path = request_.path;
  if (!request_.to.empty()) path += " -> " + request_.to;
  sink_.event({std::string{action()}, std::move(path), size, hash, std::string{outcome}});
}

}  // namespace sp::edge_gateway::sftp
