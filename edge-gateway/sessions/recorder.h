#pragma once
// A session's recording, and what the core is told of it while it grows.

#include <memory>

#include "edge-gateway/ledger/ledger.h"
#include "edge-gateway/recording/recording.h"
#include "edge-gateway/worker/frames.h"

namespace sp::edge_gateway {

class Recorder {
 public:
  /// `ticket` asks for one.
  static Result<std::unique_ptr<Recorder>> begin(Ledger& ledger, const pushpull::TicketPut& ticket,
                                                 const WindowSize& window, Random& random);

  // After a failure `is_broken`, and nothing more is written.
  void output(BytesView bytes);
  void input(BytesView bytes);
  void resize(const WindowSize& window);
  void mark();
  /// Makes durable what is due, and tells.
  void tick();
  void finish();

  [[nodiscard]] bool is_broken() const { return broken_; }
  [[nodiscard]] std::optional<Duration> due() const;
  [[nodiscard]] recording::Progress progress() const { return file_->progress(); }

 private:
  Recorder(Ledger& ledger, const pushpull::SessionId& session,
           std::unique_ptr<recording::Recording> file)
      : ledger_(&ledger), session_(session), file_(std::move(file)) {}
  void note(const Outcome& outcome);

  Ledger* ledger_;
  pushpull::SessionId session_;
  std::unique_ptr<recording::Recording> file_;
  std::uint64_t told_ = 0;  // chunks
  Instant told_at_{};
  bool broken_ = false;
};

}  // namespace sp::edge_gateway
