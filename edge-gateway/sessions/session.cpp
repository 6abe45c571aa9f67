#include "edge-gateway/sessions/session.h"

#include <algorithm>

#include "base/log/log.h"

namespace sp::edge_gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t normal = 1000, refused = 4404;
constexpr std::size_t most_waiting = 1U
                                     << 20U;  // of a page's bytes: in the mail, or for the worker
constexpr auto disk_time = 60s;

Steady steady_now() {
  return std::chrono::steady_clock::now();
}

Duration within(Duration wanted, Duration longest) {
  return wanted > Duration{0} ? std::min(wanted, longest) : longest;
}

std::vector<Network> networks_of(const pushpull::TicketPut& ticket) {
  std::vector<Network> out;
  for (const auto& text : ticket.networks)
    if (auto network = Network::parse(text)) out.push_back(*network);
  return out;
}

}  // namespace

Session::Session(const SessionWorld& world, const pushpull::TicketId& ticket, Redeemed redeemed,
                 PageLink page, std::string term)
    : world_(world),
      ticket_id_(ticket),
      ticket_(std::move(redeemed.ticket)),
      keys_(std::move(redeemed.keys)),
      term_(std::move(term)),
      window_(page.window),
      page_(std::move(page.socket)),
      requests_(ticket_.rights),
      pace_(within(ticket_.idle, world.rules.longest), within(ticket_.total, world.rules.longest),
            steady_now()),
      way_ends_(steady_now() + world.rules.dial) {}

// From any thread.

void Session::post(Mail mail) {
  const std::lock_guard lock{mutex_};
  if (!over_) return mail_.post(std::move(mail));
  if (const auto* late = std::get_if<Attach>(&mail)) late->page.socket->close(refused);
}

bool Session::take_resume(const Secret& secret) {
  const std::lock_guard lock{mutex_};
  if (over_ || !resume_ || *resume_ != secret) return false;
  resume_.reset();
  return true;
}

void Session::attach(PageLink page, std::uint64_t seen) {
  post(Attach{std::move(page), seen});
}

void Session::said(http::Socket& from, http::SocketMessage message) {
  waiting_bytes_ += message.data.size();
  if (waiting_bytes_ > most_waiting) {
    held_ = true;
    from.hold();
  }
  post(Said{&from, std::move(message)});
}

void Session::lost(const http::Socket& from) {
  post(Lost{&from});
}

void Session::terminate(std::string by) {
  post(Terminate{std::move(by)});
}

void Session::watched(std::string by) {
  post(Watched{std::move(by)});
}

void Session::restart() {
  post(Restart{});
}

// The thread.

void Session::run() {
  begin();
  while (!end_) {
    wait();
    take_mail();
    advance();
  }
  finish();
  close_late_pages();
}

void Session::begin() {
  say(state_json("dialling"));
  if (ticket_.record) {
    auto recorder = Recorder::begin(world_.ledger, ticket_, window_, world_.random);
    if (recorder)
      recorder_ = *std::move(recorder);
    else
      log::error("recording_not_begun", recorder.error());
    if (!recorder && ticket_.disk_full == "end") return end("disk_full");
  }
  auto networks = networks_of(ticket_);
  // A network that cannot be read allows nothing, where none at all would allow everything.
  if (networks.size() != ticket_.networks.size()) return end("address");
  auto own = own_addresses();
  if (!own) {
    log::error("own_addresses_unknown", own.error());
    return end("internal");
  }
  auto policy = world_.policy;
  policy.own = *std::move(own);
  dial_.emplace(DialOrder{.host = ticket_.host,
                          .port = static_cast<std::uint16_t>(std::min(ticket_.port, 65'535U)),
                          .networks = std::move(networks),
                          .policy = std::move(policy)});
}

void Session::wait() {
  const pollfd none{-1, 0, 0};
  std::array<pollfd, 2> look{pollfd{mail_.fd(), POLLIN, 0}, none};
  if (dial_) look[1] = dial_->wanted();
  if (host_) look[1] = host_->wanted();
  Duration most{1'000};
  if (recorder_) most = std::min(most, recorder_->due().value_or(most));
  // A host that connects, or fails to, at once is not polled for.
  if (dial_ && look[1].fd < 0) most = Duration{0};
  const auto next =
      std::chrono::ceil<Duration>((is_ready() ? pace_.next() : way_ends_) - steady_now());
  most = std::clamp(next, Duration{0}, most);
  ::poll(look.data(), look.size(), static_cast<int>(most.count()));
}

void Session::take_mail() {
  for (auto& mail : mail_.take()) {
    std::visit([this](auto& one) { take(one); }, mail);
    if (end_) return;
  }
}

void Session::advance() {
  if (!end_ && dial_) step_dial();
  if (!end_ && host_) serve_worker();
  if (recorder_) recorder_->tick();
  if (!end_) look_at_the_time();
  if (!end_) look_at_the_disk();
  send_output();
  grant_output();
  let_page_go_on();
}

void Session::end(std::string_view reason, std::optional<std::uint32_t> exit, std::string by) {
  if (!end_) end_ = End{std::string{reason}, exit, std::move(by)};
}

void Session::finish() {
  send_output();
  say(ended_json(end_->reason, end_->exit, end_->by));
  leave_page(normal);
  if (recorder_) recorder_->finish();
  pushpull::SessionEnded ended;
  ended.reason = end_->reason;
  ended.exit = end_->exit;
  ended.bytes_in = bytes_in_;
  ended.bytes_out = output_.total();
  if (recorder_) {
    const auto progress = recorder_->progress();
    ended.chunks = progress.chunks;
    ended.bytes = progress.bytes;
    ended.hash = progress.hash;
  }
  world_.ledger.ended(id(), ended);
  if (host_) {
    host_->send(FrameKind::end);
    static_cast<void>(host_->write());
  }
  host_.reset();
  dial_.reset();
}

void Session::close_late_pages() {
  const std::lock_guard lock{mutex_};
  over_ = true;
  for (auto& mail : mail_.take())
    if (auto* late = std::get_if<Attach>(&mail)) late->page.socket->close(refused);
}

void Session::look_at_the_time() {
  const auto now = steady_now();
  if (!is_ready()) {
    if (now >= way_ends_) end(host_ ? "protocol" : "unreachable");
    return;
  }
  if (lost_until_ && now >= *lost_until_) return end("lost");
  if (const auto over = pace_.over(now)) return end(*over);
  if (const auto warning = pace_.warning(now)) say(warning_json(warning->code, warning->left));
}

// A recording that must be whole ends its session, after a minute's notice where there is room for
// one.
void Session::look_at_the_disk() {
  if (!ticket_.record || ticket_.disk_full != "end") return;
  if (recorder_ && recorder_->is_broken()) return end("disk_full");
  const auto now = steady_now();
  if (!world_.ledger.short_of_disk()) return disk_ends_.reset();
  if (disk_ends_ && now >= *disk_ends_) return end("disk_full");
  if (disk_ends_) return;
  disk_ends_ = now + disk_time;
  say(warning_json("disk", disk_time));
}

}  // namespace sp::edge_gateway
