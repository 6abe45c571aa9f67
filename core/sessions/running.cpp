#include "core/sessions/running.h"

#include "base/log/log.h"

namespace sp::sessions {
namespace {

using namespace std::chrono_literals;
constexpr auto look_every = 10s;

template <class T>
void say(std::string_view what, const Result<T>& result) {
  if (!result) log::warning(what, {{"code", sp::name(result.error().code())}});
}

}  // namespace

Running::~Running() {
  stop();
}

void Running::start(Links links) {
  links_ = std::move(links);
  watching_ = std::make_unique<Watching>(context_, links_);
  worker_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
}

void Running::wake() {
  {
    const std::lock_guard lock{mutex_};
    woken_ = true;
  }
  sleep_.notify_all();
}

void Running::end_watches() {
  if (watching_) watching_->stop();
}

void Running::stop() {
  end_watches();
  worker_.request_stop();
  if (worker_.joinable()) worker_.join();
}

void Running::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    round();
    std::unique_lock lock{mutex_};
    sleep_.wait_for(lock, stop, look_every, [this] { return woken_; });
    woken_ = false;
  }
}

void Running::round() {
  say("recordings_collected", collect(context_, links_));
  say("sessions_swept", traffic_.sweep());
  say("recordings_erased", erase_old(context_));
}

}  // namespace sp::sessions
