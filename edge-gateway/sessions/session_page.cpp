// A session's page: what it says, and what it is told.
#include <algorithm>

#include "base/log/log.h"
#include "edge-gateway/sessions/session.h"

namespace sp::edge_gateway {
namespace {

namespace right = pushpull::right;

constexpr std::uint16_t broke_the_rules = 1008, elsewhere = 4409;
constexpr std::size_t most_for_worker = 256U << 10U;
constexpr std::size_t most_unread = 16U << 20U;  // by a page that reads nothing
constexpr std::byte terminal{0}, file{1};

Steady steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

void Session::take(Attach& mail) {
  if (page_) leave_page(elsewhere);
  if (!output_.go_on_at(mail.seen)) {
    mail.page.socket->close(4404);
    return page_is_lost();
  }
  page_ = std::move(mail.page.socket);
  page_->allow(most_message);
  lost_until_.reset();
  tell(pushpull::kind::session_attached,
       pushpull::encode(pushpull::SessionAttached{mail.page.source}));
  if (recorder_) recorder_->mark();
  say_ready();
  resize(mail.page.window);
}

void Session::take(const Lost& mail) {
  if (mail.from == page_.get()) page_is_lost();
}

void Session::take(const Terminate& mail) {
  end("terminated", {}, mail.by);
}

void Session::take(Watched& mail) {
  watcher_ = std::move(mail.by);
  if (is_ready()) say(watched_json(watcher_));
}

void Session::take(const Restart& /*mail*/) {
  end("restarted");
}

void Session::take(Said& mail) {
  waiting_bytes_ -= mail.message.data.size();
  if (mail.from != page_.get()) return;
  if (mail.message.kind == http::SocketKind::text)
    take_text(mail.message.data);
  else
    take_binary(bytes::of(mail.message.data));
  wipe(mail.message.data);
}

void Session::take_text(std::string_view text) {
  auto message = decode_from_page(text);
  if (!message) return breach();
  if (const auto* size = std::get_if<WindowSize>(&*message)) return resize(*size);
  if (const auto* seen = std::get_if<Seen>(&*message)) return acknowledge(seen->seen);
  if (std::holds_alternative<EndIt>(*message)) return end("closed");
  ask_file(std::move(std::get<FileRequest>(*message)));
}

void Session::take_binary(BytesView data) {
  if (data.empty()) return breach();
  if (data.front() == terminal) return take_keys(data.subspan(1));
  if (data.front() == file && is_ready()) return take_upload(data.subspan(1));
  breach();
}

// Nothing without the right: the parent decides, whatever the page or the worker would do.
void Session::take_keys(BytesView keys) {
  if (!is_ready() || (ticket_.rights & right::input) == 0 || keys.empty()) return;
  pace_.active(steady_now());
  bytes_in_ += keys.size();
  if (recorder_ && ticket_.record_input) recorder_->input(keys);
  host_->send(FrameKind::keys, keys);
}

void Session::take_upload(BytesView data) {
  const auto part = decode_part(data);
  if (!part) return breach();
  const auto verdict = requests_.upload(*part);
  if (std::holds_alternative<Requests::Breach>(verdict)) return breach();
  const auto* number = std::get_if<std::uint32_t>(&verdict);
  if (number == nullptr) return;
  pace_.active(steady_now());
  host_->send_part(FrameKind::upload, {*number, part->bytes});
}

void Session::resize(const WindowSize& window) {
  const bool is_new = window.columns != window_.columns || window.rows != window_.rows;
  window_ = window;
  if (!is_new) return;
  if (host_) host_->send(FrameKind::size, encode(window));
  if (recorder_) recorder_->resize(window);
}

void Session::acknowledge(std::uint64_t seen) {
  if (!output_.acknowledge(seen)) breach();
}

void Session::ask_file(FileRequest request) {
  if (!is_ready()) return breach();
  const auto asked = requests_.ask(std::move(request));
  if (std::holds_alternative<Requests::Breach>(asked)) return breach();
  if (const auto* refusal = std::get_if<Requests::Refused>(&asked))
    return say(failed_json(refusal->request, refusal->code));
  const auto* passed = std::get_if<FileRequest>(&asked);
  if (passed == nullptr) return;
  pace_.active(steady_now());
  host_->send(FrameKind::file, encode(*passed));
}

void Session::say(const std::string& json) {
  if (!page_) return;
  page_->send(http::SocketKind::text, bytes::of(json));
  if (page_->queued() > most_unread) breach();
}

// A new secret each time: the one before is worth nothing from here on.
void Session::say_ready() {
  auto resume = world_.random.secret(resume_secret_size);
  auto text = ready_json({.session = id(),
                          .resume = resume,
                          .title = ticket_.title,
                          .user = ticket_.user,
                          .recorded = recorder_ != nullptr,
                          .records_input = recorder_ != nullptr && ticket_.record_input,
                          .rights = ticket_.rights,
                          .idle = pace_.idle(),
                          .left = pace_.left(steady_now())});
  {
    const std::lock_guard lock{mutex_};
    resume_ = std::move(resume);
  }
  say(text);
  wipe(text);
  if (!watcher_.empty()) say(watched_json(watcher_));
}

void Session::send_output() {
  if (!page_ || !is_ready()) return;
  while (const auto piece = output_.next()) {
    bytes::Writer message;
    message.u8(0).u64(piece->offset).raw(piece->bytes);
    page_->send(http::SocketKind::binary, message.view());
  }
}

void Session::leave_page(std::uint16_t code) {
  if (!page_) return;
  page_->close(code);
  page_ = nullptr;
  held_ = false;
  for (const auto number : requests_.drop_all()) {
    FileRequest cancel;
    cancel.action = "cancel";
    cancel.request = number;
    if (host_) host_->send(FrameKind::file, encode(cancel));
  }
}

// Before there was a shell there is nothing to come back to, and no secret to come back with.
void Session::page_is_lost() {
  constexpr std::uint16_t going_away = 1001;
  leave_page(going_away);
  if (!is_ready()) return end("lost");
  lost_until_ = steady_now() + world_.rules.resume;
  if (recorder_) recorder_->mark();
}

void Session::breach() {
  if (!page_) return;
  log::debug("page_broke_the_rules");
  leave_page(broke_the_rules);
  page_is_lost();
}

// A page is not read while the worker has not taken what came before.
void Session::let_page_go_on() {
  if (!page_) return;
  const bool is_full = host_ && host_->unsent() > most_for_worker;
  if (is_full && !held_.exchange(true)) page_->hold();
  if (!is_full && held_.exchange(false)) page_->release();
}

}  // namespace sp::edge_gateway
