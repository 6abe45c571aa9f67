// A session's host: the way to it, and what its worker says. The worker may belong to the host:
// whatever it should not say ends the session.
#include "base/log/log.h"
#include "edge-gateway/sessions/session.h"

namespace sp::edge_gateway {
namespace {

namespace kind = pushpull::kind;

Error unexpected(const char* what) {
  return Error{Code::corrupt, what};
}

Bytes start_body(const pushpull::Credential& credential, const pushpull::TicketPut& ticket,
                 const WindowSize& window, const std::string& term) {
  Start start{.credential = credential,
              .host = ticket.host,
              .port = ticket.port,
              .host_keys = ticket.host_keys,
              .host_cas = ticket.host_cas,
              .first_use = ticket.first_use,
              .columns = window.columns,
              .rows = window.rows,
              .term = term};
  auto out = encode(start);
  pushpull::wipe(start.credential);
  return out;
}

}  // namespace

void Session::step_dial() {
  switch (dial_->step()) {
    case Dial::State::going:
      return;
    case Dial::State::unreachable:
      return end("unreachable");
    case Dial::State::forbidden:
      return end("address");
    case Dial::State::connected:
      address_ = dial_->address();
      start_worker();
  }
}

// The credential is opened here and nowhere before: it is in the clear for as long as it takes to
// be handed over.
void Session::start_worker() {
  auto process = WorkerProcess::start(world_.worker, dial_->take());
  dial_.reset();
  if (!process) {
    log::error("worker_not_started", process.error());
    return end("internal");
  }
  host_.emplace(*std::move(process));
  auto credential = pushpull::open_credential(*keys_, ticket_id_, ticket_.sealed);
  keys_.reset();
  ticket_.sealed.clear();
  if (!credential) return end("credential");
  auto body = start_body(*credential, ticket_, window_, term_);
  pushpull::wipe(*credential);
  host_->send(FrameKind::start, body);
  wipe(body);
  way_ends_ = std::chrono::steady_clock::now() + world_.rules.login;
}

void Session::serve_worker() {
  const bool written = host_->write();
  const auto there = host_->read([this](const Frame& frame) { take_frame(frame); });
  if (end_) return;
  if (!there) {
    log::error("worker_said_nonsense", there.error());
    return end("internal");
  }
  if (!written || !*there) {
    log::error("worker_ended_without_a_word");
    end("internal");
  }
}

void Session::take_frame(const Frame& frame) {
  if (end_) return;
  const auto judged = judge_frame(frame);
  if (judged) return;
  log::error("worker_said_nonsense", judged.error());
  end("internal");
}

Outcome Session::judge_frame(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::state:
      return take_state(frame.body);
    case FrameKind::host_key:
      return take_host_key(frame.body);
    case FrameKind::ready:
      return take_ready();
    case FrameKind::output:
      return take_output(frame.body);
    case FrameKind::answer:
      return take_answer(frame.body);
    case FrameKind::download:
      return take_download(frame.body);
    case FrameKind::file_event:
      return take_file_event(frame.body);
    case FrameKind::ended:
      return take_ended(frame.body);
    default:
      return unexpected("a frame that only we send");
  }
}

Outcome Session::take_state(BytesView body) {
  const auto state = TRY(decode_state(body));
  if (is_ready()) return unexpected("a state after the shell");
  say(state_json(state.state));
  return {};
}

Outcome Session::take_host_key(BytesView body) {
  auto shown = TRY(decode_host_key(body));
  if (is_ready() || !host_key_.empty()) return unexpected("a second host key");
  host_key_ = std::move(shown.key);
  const bool is_news = shown.verdict != "known" && shown.verdict != "authority";
  if (is_news)
    tell(kind::session_host_key, encode(pushpull::SessionHostKey{host_key_, shown.verdict}));
  return {};
}

Outcome Session::take_ready() {
  if (is_ready() || host_key_.empty()) return unexpected("a shell that was not on its way");
  ready_ = true;
  tell(kind::session_started, encode(pushpull::SessionStarted{address_, host_key_}));
  if (page_) page_->allow(most_message);
  say_ready();
  pace_.active(std::chrono::steady_clock::now());
  return {};
}

Outcome Session::take_output(BytesView body) {
  if (!is_ready() || output_.total() + body.size() > granted_)
    return unexpected("more output than it may send");
  output_.add(body);
  if (recorder_) recorder_->output(body);
  return {};
}

Outcome Session::take_answer(BytesView body) {
  const auto answered = requests_.answer(TRY(decode_file_answer(body)));
  if (std::holds_alternative<Requests::Breach>(answered)) return unexpected("an answer to nothing");
  if (const auto* answer = std::get_if<FileAnswer>(&answered)) say(answer_json(*answer));
  return {};
}

Outcome Session::take_download(BytesView body) {
  const auto part = TRY(decode_part(body));
  const auto verdict = requests_.download(part);
  if (std::holds_alternative<Requests::Breach>(verdict))
    return unexpected("more of a file than it may send");
  const auto* request = std::get_if<std::uint32_t>(&verdict);
  if (request == nullptr || !page_) return {};
  bytes::Writer message;
  message.u8(1).u32(*request).raw(part.bytes);
  page_->send(http::SocketKind::binary, message.view());
  return {};
}

Outcome Session::take_file_event(BytesView body) {
  const auto event = TRY(pushpull::decode_session_file(body));
  if (!requests_.report()) return unexpected("a change of a file that nobody asked for");
  tell(kind::session_file, encode(event));
  return {};
}

Outcome Session::take_ended(BytesView body) {
  const auto ended = TRY(decode_ended(body));
  end(ended.reason, ended.exit);
  return {};
}

void Session::grant_output() {
  if (!host_ || end_) return;
  const auto allowance = output_.allowance(page_ != nullptr);
  if (allowance == granted_) return;
  // Small steps would be a frame for each acknowledgement.
  constexpr std::uint64_t step = 32U << 10U;
  if (granted_ != 0 && allowance < granted_ + step) return;
  granted_ = allowance;
  host_->send(FrameKind::allow, encode(Allow{granted_}));
  static_cast<void>(host_->write());
}

}  // namespace sp::edge_gateway
