#include "edge-gateway/sftp/files.h"

#include <array>

#include "edge-gateway/sftp/internal/task.h"

namespace sp::edge_gateway {
namespace {

// Questions that a host leaves unanswered, also of requests that were cancelled.
constexpr std::size_t most_unanswered = 4'096;

struct Action {
  std::string_view name;
  std::unique_ptr<sftp::Task> (*make)(sftp::Client&, FileSink&, const FileRequest&);
};
constexpr std::array actions{
    Action{"list", sftp::make_listing},   Action{"get", sftp::make_download},
    Action{"put", sftp::make_upload},     Action{"rename", sftp::make_rename},
    Action{"remove", sftp::make_removal}, Action{"make", sftp::make_folder},
};

}  // namespace

Files::Files(FileSink& sink) : sink_(sink), client_(std::make_unique<sftp::Client>()) {}
Files::~Files() = default;

void Files::request(const FileRequest& request) {
  const auto open = tasks_.find(request.request);
  if (request.action == "cancel" || request.action == "taken") {
    if (open == tasks_.end()) return;  // it ended while this was on its way
    if (request.action == "cancel")
      open->second->fail("cancelled");
    else
      open->second->taken(request.seen);
    return step();
  }
  if (open != tasks_.end() || tasks_.size() >= most_open_requests ||
      client_->unanswered() >= most_unanswered)
    return refuse(request, "unavailable");
  const auto* action = std::ranges::find(actions, request.action, &Action::name);
  if (action == actions.end()) return refuse(request, "unavailable");
  tasks_[request.request] = action->make(*client_, sink_, request);
  step();
}

void Files::refuse(const FileRequest& request, std::string_view code) {
  FileAnswer failed;
  failed.type = "failed";
  failed.request = request.request;
  failed.code = code;
  sink_.answer(failed);
}

void Files::upload(const Part& part) {
  const auto open = tasks_.find(part.request);
  if (open == tasks_.end()) return;
  open->second->take(part.bytes);
  sweep();
}

Outcome Files::received(BytesView bytes) {
  TRY(client_->received(bytes));
  step();
  return {};
}

void Files::step() {
  if (client_->ready()) {
    for (auto& [number, task] : tasks_) {
      task->begin_once();
      if (!task->over()) task->step();
    }
  }
  sweep();
}

void Files::lost() {
  for (auto& [number, task] : tasks_) task->fail("unavailable");
  tasks_.clear();
  client_ = std::make_unique<sftp::Client>();
}

void Files::sweep() {
  std::erase_if(tasks_, [](const auto& one) { return one.second->over(); });
}

}  // namespace sp::edge_gateway
