#include "edge-gateway/sessions/recorder.h"

#include <algorithm>

#include "base/log/log.h"

namespace sp::edge_gateway {
namespace {
constexpr Duration tell_every{500};
}

Result<std::unique_ptr<Recorder>> Recorder::begin(Ledger& ledger, const pushpull::TicketPut& ticket,
                                                  const WindowSize& window, Random& random) {
  pushpull::StaticPublicKey key;
  key.bytes = ticket.recording_key;
  auto file = TRY(recording::Recording::begin(
      ledger.recordings(), ticket.session, key,
      {window.columns, window.rows, ticket.title, ledger.clock().now()}, random));
  return std::unique_ptr<Recorder>{new Recorder{ledger, ticket.session, std::move(file)}};
}

void Recorder::note(const Outcome& outcome) {
  if (outcome) return;
  if (!broken_) log::error("recording_failed", outcome.error());
  broken_ = true;
}

void Recorder::output(BytesView bytes) {
  if (!broken_) note(file_->output(bytes, ledger_->clock().now()));
}

void Recorder::input(BytesView bytes) {
  if (!broken_) note(file_->input(bytes, ledger_->clock().now()));
}

void Recorder::resize(const WindowSize& window) {
  if (!broken_) note(file_->resize(window.columns, window.rows, ledger_->clock().now()));
}

void Recorder::mark() {
  if (!broken_) note(file_->mark(ledger_->clock().now()));
}

void Recorder::tick() {
  const auto now = ledger_->clock().now();
  if (broken_) return;
  if (const auto due_at = file_->due(); due_at && *due_at <= now) note(file_->flush());
  const auto progress = file_->progress();
  if (progress.chunks == told_ || now < told_at_ + tell_every) return;
  told_ = progress.chunks;
  told_at_ = now;
  ledger_->recorded(session_, progress);
}

void Recorder::finish() {
  if (!broken_) note(file_->finish());
}

std::optional<Duration> Recorder::due() const {
  const auto at = file_->due();
  if (!at || broken_) return std::nullopt;
  return std::max(*at - ledger_->clock().now(), Duration{0});
}

}  // namespace sp::edge_gateway
