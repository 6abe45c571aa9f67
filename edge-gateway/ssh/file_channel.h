#pragma once
#include <array>
#include <chrono>

#include "edge-gateway/sftp/files.h"
#include "edge-gateway/ssh/channel.h"
#include "edge-gateway/ssh/connection.h"
#include "edge-gateway/ssh/parent.h"

namespace sp::edge_gateway {

/// The host's files: a second channel beside the terminal's, opened at the first request. Where the
/// host gives none, each request fails with `unavailable`.
class FileChannel final : private FileSink {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit FileChannel(Parent& parent) : parent_(parent) {}

  /// False for what is no request.
  bool request(BytesView body);
  bool upload(BytesView body);
  /// A little of what there is to do, so that keys come in between. True when something moved.
  bool step(Connection& connection, Moment now);
  /// Fails what is under way. Before the connection goes.
  void close() { lose(); }
  /// When `step` is to be called although nothing came.
  [[nodiscard]] Moment until() const { return channel_ && !open_ ? until_ : Moment::max(); }

 private:
  void answer(const FileAnswer& answer) override;
  void download(const Part& part) override;
  void event(const pushpull::SessionFile& event) override;
  [[nodiscard]] bool full() const override { return parent_.full(); }

  bool open(Connection& connection, Moment now);
  bool read();
  bool write(const Connection& connection);
  void lose();

  Parent& parent_;
  Files files_{*this};
  std::unique_ptr<Channel> channel_;
  bool open_ = false;
  Moment until_{};
  std::array<std::byte, 32U << 10U> piece_{};
};

}  // namespace sp::edge_gateway
