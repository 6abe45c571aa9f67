#pragma once
// Requests and their answers over one SFTP channel, any number under way. It does no I/O itself.

#include <functional>
#include <map>

#include "edge-gateway/sftp/packets.h"

namespace sp::edge_gateway::sftp {

class Client {
 public:
  using Owner = std::uint64_t;
  using Then = std::function<void(const Reply&)>;

  Client();

  /// Someone to ask for. Answers to one who was forgotten are dropped, and files that come open
  /// then are closed.
  Owner new_owner() { return ++last_owner_; }
  void forget(Owner owner);
  /// `then` is called once, from `received`, unless the channel goes first.
  void ask(Owner owner, const Request& request, Then then);
  void close(BytesView handle);

  /// What the server sent. Fails on what is no SFTP of version 3, or no answer of ours: then this
  /// is of no more use.
  Outcome received(BytesView bytes);
  [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }
  [[nodiscard]] bool ready() const { return greeted_; }
  [[nodiscard]] bool renames_over() const { return version_.renames_over; }

  /// What the server is to be sent, from the front.
  [[nodiscard]] BytesView to_send() const { return BytesView{out_}.subspan(sent_); }
  void sent(std::size_t size);

 private:
  struct Asked {
    Owner owner = 0;
    Then then;
  };

  Outcome greet(BytesView packet);
  Outcome settle(BytesView packet);

  std::map<std::uint32_t, Asked> asked_;
  std::uint32_t last_id_ = 0;
  Owner last_owner_ = 0;
  PacketReader reader_;
  bool greeted_ = false;
  Version version_;
  Bytes out_;
  std::size_t sent_ = 0;
};

}  // namespace sp::edge_gateway::sftp
