#include "pushpull/host/answers.h"

#include <algorithm>

namespace sp::pushpull {

http::Response plain_answer(int status, std::string body, std::string type) {
  http::Response out;
  out.status = status;
  out.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}};
  out.body = std::move(body);
  return out;
}

std::string secure_place_of(const http::Request& request, std::string_view public_url) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  auto target = request.path + (request.query.empty() ? "" : "?" + request.query);
  if (!std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; })) target = "/";
  return std::string{public_url} + target;
}

}  // namespace sp::pushpull
