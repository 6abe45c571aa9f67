#pragma once
// An outbox in memory, for tests and measurements: what the core's own must do, in its shortest
// form.

#include <map>
#include <mutex>

#include "pushpull/outbox/outbox.h"

namespace sp::pushpull {

class MemoryOutbox final : public Outbox {
 public:
  MemoryOutbox(LinkKeys keys, Random& random);

  /// Queues an item and gives its number. Wake the link afterwards.
  std::uint64_t add(std::string_view kind, BytesView id, Bytes body);

  /// What became of a message, by its message.put and its events.
  struct Message {
    enum class State : std::uint8_t { queued, live, ended, lost, failed } state = State::queued;
    std::uint32_t views_left = 1;
    int viewed = 0;
  };
  struct ById {
    bool operator()(const Bytes& a, const Bytes& b) const {
      return bytes::text(a) < bytes::text(b);
    }
  };
  using Messages = std::map<Bytes, Message, ById>;
  [[nodiscard]] Messages messages() const;
  [[nodiscard]] std::vector<Event> events() const;
  [[nodiscard]] int resyncs() const;
  /// A copy of all that is stored, to go back to.
  struct Backup {
    Secret keys;
    LinkNumbers numbers;
    std::map<std::uint64_t, Item> items;
    Messages messages;
    std::vector<Event> events;
  };
  [[nodiscard]] Backup backup() const;
  void restore(const Backup& backup);

  Result<LinkKeys> keys() override;
  Outcome save(const LinkKeys& keys) override;
  Result<LinkNumbers> numbers() override;
  Result<std::vector<Item>> next(std::uint64_t after, std::size_t most_items,
                                 std::size_t most_bytes) override;
  Outcome sending(std::uint64_t upto) override;
  Outcome acknowledged(std::uint64_t applied, std::span<const Refused> refused) override;
  Outcome store_events(std::span<const Event> events, std::uint64_t cursor) override;
  Outcome begin_resync(const Epoch& core_epoch, std::uint64_t settled) override;
  Result<std::vector<LiveMessage>> live() override;
  Outcome end_resync(const Epoch& edge_epoch) override;
  Result<std::uint64_t> waiting() override;

 private:
  void settle(std::uint64_t upto, std::span<const Refused> refused);
  void note(const Event& event);

  mutable std::mutex mutex_;
  Secret keys_;
  LinkNumbers numbers_;
  std::map<std::uint64_t, Item> items_;
  Messages messages_;
  std::vector<Event> events_;
  int resyncs_ = 0;
};

}  // namespace sp::pushpull
