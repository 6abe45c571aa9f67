#include "pushpull/outbox/memory_outbox.h"

#include <algorithm>

namespace sp::pushpull {

using State = MemoryOutbox::Message::State;

MemoryOutbox::MemoryOutbox(LinkKeys keys, Random& random) : keys_(encode(keys)) {
  numbers_.core_epoch = Epoch::random(random);
}

std::uint64_t MemoryOutbox::add(std::string_view kind, BytesView id, Bytes body) {
  const std::lock_guard lock{mutex_};
  const auto seq = ++numbers_.queued;
  if (kind == kind::message_put) messages_[bytes::copy(id)] = {};
  if (kind == kind::message_revoke) messages_[bytes::copy(id)].state = State::ended;
  items_[seq] = Item{seq, std::string{kind}, bytes::copy(id), std::move(body)};
  return seq;
}

MemoryOutbox::Messages MemoryOutbox::messages() const {
  const std::lock_guard lock{mutex_};
  return messages_;
}
std::vector<Event> MemoryOutbox::events() const {
  const std::lock_guard lock{mutex_};
  return events_;
}
int MemoryOutbox::resyncs() const {
  const std::lock_guard lock{mutex_};
  return resyncs_;
}

MemoryOutbox::Backup MemoryOutbox::backup() const {
  const std::lock_guard lock{mutex_};
  return {Secret::copy_of(keys_.expose()), numbers_, items_, messages_, events_};
}
void MemoryOutbox::restore(const Backup& backup) {
  const std::lock_guard lock{mutex_};
  keys_ = Secret::copy_of(backup.keys.expose());
  numbers_ = backup.numbers;
  items_ = backup.items;
  messages_ = backup.messages;
  events_ = backup.events;
}

Result<LinkKeys> MemoryOutbox::keys() {
  const std::lock_guard lock{mutex_};
  return decode_link_keys(keys_.expose());
}
Outcome MemoryOutbox::save(const LinkKeys& keys) {
  const std::lock_guard lock{mutex_};
  keys_ = encode(keys);
  return {};
}
Result<LinkNumbers> MemoryOutbox::numbers() {
  const std::lock_guard lock{mutex_};
  return numbers_;
}

Result<std::vector<Item>> MemoryOutbox::next(std::uint64_t after, std::size_t most_items,
                                             std::size_t most_bytes) {
  const std::lock_guard lock{mutex_};
  std::vector<Item> found;
  std::size_t size = 0;
  for (auto it = items_.upper_bound(after); it != items_.end(); ++it) {
    size += encoded_size(it->second);
    if (found.size() == most_items || (!found.empty() && size > most_bytes)) break;
    found.push_back(it->second);
  }
  return found;
}

Outcome MemoryOutbox::sending(std::uint64_t upto) {
  const std::lock_guard lock{mutex_};
  numbers_.sent = std::max(numbers_.sent, upto);
  return {};
}

void MemoryOutbox::settle(std::uint64_t upto, std::span<const Refused> refused) {
  const auto end = items_.upper_bound(upto);
  for (auto it = items_.begin(); it != end; ++it) {
    const bool failed = std::ranges::any_of(
        refused, [&](const Refused& refusal) { return refusal.seq == it->first; });
    auto& message = messages_[it->second.id];
    if (message.state != State::queued || it->second.kind == kind::settings_put) continue;
    if (failed) message.state = State::failed;
    if (!failed && it->second.kind == kind::message_put) message.state = State::live;
  }
  items_.erase(items_.begin(), end);
}

Outcome MemoryOutbox::acknowledged(std::uint64_t applied, std::span<const Refused> refused) {
  const std::lock_guard lock{mutex_};
  settle(applied, refused);
  numbers_.applied = std::max(numbers_.applied, applied);
  return {};
}

void MemoryOutbox::note(const Event& event) {
  const auto found = messages_.find(event.id);
  if (found == messages_.end()) return;
  auto& message = found->second;
  if (event.kind == kind::message_destroyed) message.state = State::ended;
  if (event.kind == kind::message_lost) message.state = State::lost;
  if (event.kind != kind::message_viewed) return;
  const auto body = decode_message_viewed(event.body);
  if (!body) return;
  ++message.viewed;
  message.views_left = std::min(message.views_left, body->left);
  if (message.views_left == 0) message.state = State::ended;
}

Outcome MemoryOutbox::store_events(std::span<const Event> events, std::uint64_t cursor) {
  const std::lock_guard lock{mutex_};
  for (const auto& event : events) {
    if (event.seq <= numbers_.last_event) continue;
    events_.push_back(event);
    note(event);
  }
  numbers_.last_event = std::max(numbers_.last_event, cursor);
  return {};
}

Outcome MemoryOutbox::begin_resync(const Epoch& core_epoch, std::uint64_t settled) {
  const std::lock_guard lock{mutex_};
  settle(settled, {});
  numbers_.core_epoch = core_epoch;
  numbers_.applied = settled;
  numbers_.sent = settled;
  ++resyncs_;
  return {};
}

Result<std::vector<LiveMessage>> MemoryOutbox::live() {
  const std::lock_guard lock{mutex_};
  std::vector<LiveMessage> found;
  for (const auto& [id, message] : messages_) {
    if (message.state != State::live || id.size() != 32) continue;
    bytes::Reader reader{id};
    found.push_back({reader.array<32>().value(), message.views_left});
  }
  return found;
}

Outcome MemoryOutbox::end_resync(const Epoch& edge_epoch) {
  const std::lock_guard lock{mutex_};
  numbers_.edge_epoch = edge_epoch;
  return {};
}

Result<std::uint64_t> MemoryOutbox::waiting() {
  const std::lock_guard lock{mutex_};
  return items_.size();
}

}  // namespace sp::pushpull
