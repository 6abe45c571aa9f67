#include "edge-gateway/sessions/requests.h"

#include <algorithm>

namespace sp::edge_gateway {
namespace {

namespace right = pushpull::right;

std::uint32_t right_for(std::string_view action) {
  if (action == "list") return right::upload | right::download;
  return action == "get" ? right::download : right::upload;
}

}  // namespace

Requests::Entry Requests::of_page(std::uint32_t request) {
  return std::ranges::find_if(open_, [&](const auto& one) { return one.second.page == request; });
}

Requests::Asked Requests::ask(FileRequest request) {
  if (request.action == "taken") return taken(std::move(request));
  if (request.action == "cancel") return cancel(std::move(request));
  return begin(std::move(request));
}

Requests::Asked Requests::begin(FileRequest request) {
  if (open_.size() >= most_open_requests || of_page(request.request) != open_.end())
    return Breach{};
  if ((rights_ & right_for(request.action)) == 0) return Refused{request.request, "forbidden"};
  if (request.action == "put" && request.offset > request.size) return Breach{};
  open_[++last_] = {.page = request.request,
                    .action = request.action,
                    .size = request.size,
                    .moved = request.offset,
                    .seen = request.offset};
  if (request.action != "list") ++reports_;
  request.request = last_;
  return request;
}

Requests::Asked Requests::taken(FileRequest request) {
  const auto found = of_page(request.request);
  if (found == open_.end()) return Nothing{};
  auto& open = found->second;
  if (open.action != "get" || request.seen < open.seen || request.seen > open.moved)
    return Breach{};
  open.seen = request.seen;
  request.request = found->first;
  return request;
}

Requests::Asked Requests::cancel(FileRequest request) {
  const auto found = of_page(request.request);
  if (found == open_.end()) return Nothing{};
  request.request = found->first;
  return request;
}

bool Requests::move(Open& open, std::uint64_t size) const {
  if (open.moved + size > open.seen + file_window) return false;
  open.moved += size;
  return true;
}

// After a failure, parts that were under way may still come.
Requests::Uploaded Requests::upload(const Part& part) {
  const auto found = of_page(part.request);
  if (found == open_.end()) return Nothing{};
  auto& open = found->second;
  const bool fits = open.action == "put" && open.moved + part.bytes.size() <= open.size;
  if (!fits || !move(open, part.bytes.size())) return Breach{};
  return found->first;
}

Requests::Downloaded Requests::download(const Part& part) {
  const auto found = open_.find(part.request);
  if (found == open_.end()) return Nothing{};
  auto& open = found->second;
  if (open.action != "get" || !move(open, part.bytes.size())) return Breach{};
  return open.page;
}

Requests::Answered Requests::answer(FileAnswer answer) {
  const auto found = open_.find(answer.request);
  if (found == open_.end()) return Nothing{};
  auto& open = found->second;
  answer.request = open.page;
  if (answer.type == "more") {
    if (open.action != "put" || answer.seen < open.seen || answer.seen > open.moved)
      return Breach{};
    open.seen = answer.seen;
  }
  const bool is_last =
      answer.type == "done" || answer.type == "failed" || (answer.type == "entries" && answer.done);
  if (is_last) open_.erase(found);
  return answer;
}

bool Requests::report() {
  if (reports_ == 0) return false;
  --reports_;
  return true;
}

std::vector<std::uint32_t> Requests::drop_all() {
  std::vector<std::uint32_t> out;
  for (const auto& [number, open] : open_) out.push_back(number);
  open_.clear();
  return out;
}

}  // namespace sp::edge_gateway
