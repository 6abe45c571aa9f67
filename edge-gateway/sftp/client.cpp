#include "edge-gateway/sftp/client.h"

namespace sp::edge_gateway::sftp {

Client::Client() : out_(hello()) {}

void Client::forget(Owner owner) {
  for (auto& [id, asked] : asked_)
    if (asked.owner == owner) asked = {};
}

void Client::ask(Owner owner, const Request& request, Then then) {
  const auto id = ++last_id_;
  asked_[id] = {owner, std::move(then)};
  append(out_, id, request);
}

void Client::close(BytesView handle) {
  ask(0, sftp::close(handle), nullptr);
}

void Client::sent(std::size_t size) {
  constexpr std::size_t worth_moving = 64U << 10U;
  sent_ += size;
  if (sent_ < out_.size() && (sent_ < worth_moving || sent_ < out_.size() - sent_)) return;
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent_));
  sent_ = 0;
}

Outcome Client::received(BytesView bytes) {
  reader_.add(bytes);
  for (;;) {
    const auto packet = TRY(reader_.next());
    if (!packet) return {};
    TRY(greeted_ ? settle(*packet) : greet(*packet));
  }
}

Outcome Client::greet(BytesView packet) {
  version_ = TRY(decode_version(packet));
  if (version_.version != our_version) return Error{Code::invalid_input, "version of sftp"};
  greeted_ = true;
  return {};
}

Outcome Client::settle(BytesView packet) {
  const auto answer = TRY(decode_answer(packet));
  auto asked = asked_.extract(answer.id);
  if (!asked) return Error{Code::invalid_input, "answer to nothing"};
  if (asked.mapped().then)
    asked.mapped().then(answer.reply);
  else if (const auto* handle = std::get_if<Handle>(&answer.reply))
    close(handle->bytes);
  return {};
}

}  // namespace sp::edge_gateway::sftp
