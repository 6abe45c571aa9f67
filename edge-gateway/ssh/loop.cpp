#include "edge-gateway/ssh/loop.h"

#include <poll.h>

#include "base/secret/secret.h"

namespace sp::edge_gateway {
namespace {

using std::chrono::seconds;

constexpr seconds to_connect{15};
constexpr seconds to_log_in{30};
constexpr seconds to_open{15};
constexpr seconds between_keep_alives{30};
constexpr seconds until_dead{100};  // three of them unanswered
constexpr seconds until_closed{2};  // from a shell's last byte to its channel's end
constexpr std::size_t most_keys = 16U << 20U;

}  // namespace

void Loop::run() {
  while (phase_ != Phase::over) {
    if (!hear() || !parent_.send()) return;
    const auto now = Clock::now();
    if (!advance(now) && phase_ != Phase::over) wait(now);
  }
  terminal_.reset();
  connection_.reset();
  parent_.flush();
}

// Always, whatever the host does: a key gets through a flood of output.
bool Loop::hear() {
  if (!parent_.receive()) return false;
  for (;;) {
    const auto frame = parent_.next();
    if (!frame) return false;
    if (!*frame) return true;
    take(**frame);
  }
}

void Loop::take(const Frame& frame) {
  if (phase_ == Phase::over) return;
  if (frame.kind == FrameKind::end) return end("closed");
  if ((frame.kind == FrameKind::start) != (phase_ == Phase::starting)) return end("internal");
  if (frame.kind == FrameKind::start) return begin(frame.body);
  take_running(frame);
}

void Loop::take_running(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::keys:
      return add_keys(frame.body);
    case FrameKind::size:
      return resize(frame.body);
    case FrameKind::allow: {
      const auto allow = decode_allow(frame.body);
      if (allow) allowed_ = std::max(allowed_, allow->sent);
      return need(allow.has_value());
    }
    case FrameKind::file:
      return need(files_.request(frame.body));
    case FrameKind::upload:
      return need(files_.upload(frame.body));
    default:
      return end("internal");
  }
}

// What our own parent says wrongly is a fault of ours.
void Loop::need(bool understood) {
  if (!understood) end("internal");
}

void Loop::begin(BytesView body) {
  auto start = decode_start(body);
  if (!start) return end("internal");
  size_ = {start->columns, start->rows};
  term_ = start->term;
  auto connection =
      Connection::begin(host_, *std::move(start), [this](Verdict verdict, const std::string& key) {
        parent_.say(FrameKind::host_key, encode(HostKey{std::string{name(verdict)}, key}));
        if (may_log_in(verdict)) parent_.say(FrameKind::state, encode(State{"login"}));
      });
  if (!connection) return end("internal");
  connection_ = *std::move(connection);
  parent_.say(FrameKind::state, encode(State{"host_key"}));
  enter(Phase::connecting, Clock::now() + to_connect);
}

void Loop::resize(BytesView body) {
  const auto size = decode_window_size(body);
  if (!size) return need(false);
  size_ = *size;
  if (phase_ == Phase::running) terminal_->resize(size_.columns, size_.rows);
}

void Loop::add_keys(BytesView keys) {
  if (keys_.size() + keys.size() > most_keys) return end("hung_up");
  bytes::append(keys_, keys);
}

bool Loop::advance(Moment now) {
  switch (phase_) {
    case Phase::connecting:
      connect(now);
      break;
    case Phase::opening:
      open(now);
      break;
    case Phase::running:
      return run_terminal(now);
    default:
      break;
  }
  if (phase_ != Phase::over && now >= until_) {
    connection_->give_up();
    end(connection_->reason());
  }
  return false;
}

void Loop::connect(Moment now) {
  const bool judged = connection_->judged();
  const auto progress = connection_->step();
  if (progress == Progress::lost) return end(connection_->reason());
  if (!judged && connection_->judged()) enter(Phase::connecting, now + to_log_in);
  if (progress != Progress::done) return;
  banner_ = connection_->banner();
  terminal_ = std::make_unique<Channel>(connection_->session(),
                                        terminal_steps(term_, size_.columns, size_.rows));
  enter(Phase::opening, now + to_open);
  open(now);
}

void Loop::open(Moment now) {
  connection_->pump();
  const auto progress = terminal_->open();
  if (progress == Progress::waits) return;
  if (progress == Progress::lost) return end("hung_up");
  if (progress == Progress::refused) return end("protocol");
  parent_.say(FrameKind::ready);
  terminal_->resize(size_.columns, size_.rows);
  heard_at_ = now;
  next_keep_alive_ = now + between_keep_alives;
  enter(Phase::running, Moment::max());
}

bool Loop::run_terminal(Moment now) {
  connection_->pump();
  const auto heard = connection_->heard();
  const bool wrote = write_keys();
  const bool read = read_terminal();
  const bool filed = files_.step(*connection_, now);
  watch(now);
  if (!read) look_for_end(now);
  // What libssh takes from the socket while one channel is looked at may be for the other, and no
  // poll tells of it any more.
  return wrote || read || filed || connection_->heard() != heard;
}

// Only what the parent allowed: the rest stays with the host, by the channel's window.
bool Loop::read_terminal() {
  bool moved = false;
  while (told_ < allowed_ && !parent_.full()) {
    const auto room = std::min<std::uint64_t>(allowed_ - told_, piece_.size());
    const auto got = next_output(std::span{piece_}.first(static_cast<std::size_t>(room)));
    if (got == 0) break;
    parent_.say(FrameKind::output, std::span{piece_}.first(got));
    told_ += got;
    moved = true;
  }
  return moved;
}

std::size_t Loop::next_output(std::span<std::byte> into) {
  if (banner_.empty()) return terminal_->read(into);
  const auto size = std::min(banner_.size(), into.size());
  std::ranges::copy(bytes::of(banner_).first(size), into.begin());
  banner_.erase(0, size);
  return size;
}

bool Loop::write_keys() {
  std::size_t written = 0;
  while (written < keys_.size()) {
    const auto taken = terminal_->write(BytesView{keys_}.subspan(written));
    if (taken.value_or(0) == 0) break;
    written += *taken;
  }
  if (written == 0) return false;
  keys_.erase(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(written));
  return true;
}

// A host that is gone without a word is found out by what it does not answer.
void Loop::watch(Moment now) {
  if (connection_->heard() != heard_) {
    heard_ = connection_->heard();
    heard_at_ = now;
  }
  if (now < next_keep_alive_) return;
  if (now - heard_at_ >= until_dead) return end("hung_up");
  connection_->send_keep_alive();
  next_keep_alive_ = now + between_keep_alives;
}

// After the last byte: RFC 4254 section 6.10 lets the exit status come between end of data and
// close.
void Loop::look_for_end(Moment now) {
  if (phase_ == Phase::over || !banner_.empty() || !terminal_->empty()) return;
  if (terminal_->closed()) return end("logout", terminal_->exit());
  if (!connection_->alive())
    return terminal_->exit() ? end("logout", terminal_->exit()) : end("hung_up");
  if (!terminal_->ended()) return;
  if (until_ == Moment::max()) until_ = now + until_closed;
  if (now >= until_) end("logout", terminal_->exit());
}

void Loop::enter(Phase phase, Moment until) {
  phase_ = phase;
  until_ = until;
}

void Loop::end(Reason reason, std::optional<std::uint32_t> exit) {
  if (phase_ == Phase::over) return;
  phase_ = Phase::over;
  files_.close();
  parent_.say(FrameKind::ended, encode(Ended{std::string{reason}, exit}));
}

void Loop::wait(Moment now) {
  const short out = parent_.waiting() > 0 ? POLLIN | POLLOUT : POLLIN;
  const bool talks = connection_ && connection_->alive();
  const short host = talks && connection_->sending() ? POLLIN | POLLOUT : POLLIN;
  std::array<pollfd, 2> both{{{parent_.socket(), out, 0}, {talks ? host_ : -1, host, 0}}};
  auto until = until_;
  if (phase_ == Phase::running) until = std::min({until, next_keep_alive_, files_.until()});
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
  const auto most = until == Moment::max() ? -1 : std::max<std::int64_t>(left, 0);
  ::poll(both.data(), both.size(), static_cast<int>(std::min<std::int64_t>(most, 60'000)));
}

}  // namespace sp::edge_gateway
