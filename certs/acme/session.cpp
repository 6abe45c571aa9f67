#include "certs/acme/session.h"

#include <algorithm>
#include <charconv>
#include <thread>

namespace sp::acme {
namespace {

constexpr std::size_t most_nonces = 8;
constexpr std::size_t most_nonce = 512;
constexpr Duration longest_retry_after{std::chrono::days{30}};

bool is_away(int status) {
  return status >= 500;
}
bool is_busy(const HttpAnswer& answer) {
  return answer.status == 429;
}
bool is_good(int status) {
  return status >= 200 && status < 300;
}

std::optional<Duration> seconds_of(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size() || seconds < 0) return {};
  return std::min<Duration>(std::chrono::seconds{std::min<std::int64_t>(seconds, 1LL << 30)},
                            longest_retry_after);
}

Error refusal(const HttpAnswer& answer, std::string_view step) {
  auto problem = decode_problem(answer.body);
  if (problem.words.empty() && problem.type.empty())
    problem.words = "HTTP status " + std::to_string(answer.status);
  if (problem.type.empty() && answer.status == 429) problem.type = "rateLimited";
  return error_of(problem, step);
}

}  // namespace

Outcome SleepingWaiter::wait(Duration time) {
  std::this_thread::sleep_for(time);
  return {};
}

// The difference to the answer's own Date counts, so that a clock of ours that is wrong does no
// harm.
void Session::learn(const HttpAnswer& answer) {
  const auto date = parse_http_date(answer.header("date"));
  if (date) {
    skew_ = *date - world_.clock.now();
    if (skew_ > Duration{-1500} && skew_ < Duration{1500}) skew_ = Duration{0};  // whole seconds
  }
  retry_after_.reset();
  const auto wanted = answer.header("retry-after");
  if (!wanted.empty()) retry_after_ = seconds_of(wanted);
  if (!wanted.empty() && !retry_after_)
    if (const auto at = parse_http_date(wanted))
      retry_after_ = std::clamp<Duration>(*at - now(), Duration{0}, longest_retry_after);
  advised_ = retry_after_;
  if (advised_) advised_ = std::clamp(*advised_, Duration{250}, limits_.wait_most);
  const auto nonce = answer.header("replay-nonce");
  if (!nonce.empty() && nonce.size() <= most_nonce && nonces_.size() < most_nonces)
    nonces_.emplace_back(nonce);
}

Result<HttpAnswer> Session::exchange(const HttpCall& call) {
  auto answer = TRY(world_.transport.exchange(call));
  learn(answer);
  return answer;
}

// Waits before the next attempt, or says why there is none.
Outcome Session::sit_out(unsigned attempt, std::string_view step, const HttpAnswer& answer) {
  auto pause = std::min(limits_.back_off * (1U << std::min(attempt, 16U)), limits_.back_off_most);
  pause += Duration{static_cast<std::int64_t>(
      world_.random.below(static_cast<std::uint64_t>(pause.count()) / 4 + 1))};
  if (retry_after_) pause = *retry_after_;
  const bool patient = pause <= limits_.wait_most && attempt + 1 < limits_.attempts;
  if (patient) return world_.waiter.wait(pause);
  auto error = refusal(answer, step);
  if (!retry_after_) return error;
  return Error{error.code(), error.detail() + "; come back after " + rfc3339(now() + pause)};
}

Result<Directory> Session::directory() {
  if (!directory_) {
    const auto answer = TRY(get(directory_url_, "read the CA's directory"));
    directory_ = TRY(decode_directory(answer.body).within(directory_url_));
  }
  return *directory_;
}

Result<HttpAnswer> Session::get(const std::string& url, std::string_view step) {
  for (unsigned attempt = 0;; ++attempt) {
    auto answer = exchange({HttpCall::Method::get, url});
    if (!answer) {
      if (answer.error().code() != Code::unavailable || attempt + 1 >= limits_.attempts)
        return std::move(answer).within(step);
      retry_after_.reset();
      TRY(sit_out(attempt, step, {}));
    } else if (is_away(answer->status) || is_busy(*answer)) {
      TRY(sit_out(attempt, step, *answer));
    } else if (is_good(answer->status)) {
      return answer;
    } else {
      return refusal(*answer, step);
    }
  }
}

Result<std::string> Session::nonce() {
  if (nonces_.empty()) {
    const auto directory_now = TRY(directory());
    TRY(exchange({HttpCall::Method::head, directory_now.new_nonce}));
  }
  if (nonces_.empty()) return Error{Code::unavailable, "the CA gives no nonce; try again later"};
  auto newest = std::move(nonces_.back());
  nonces_.pop_back();
  return newest;
}

Result<HttpAnswer> Session::post(const std::string& url, std::string_view payload,
                                 const Signer& signer, std::string_view step) {
  unsigned rejected = 0;
  for (unsigned attempt = 0;;) {
    auto fresh = nonce();
    if (!fresh && fresh.error().code() != Code::unavailable)
      return std::move(fresh).error().within(step);
    auto answer =
        fresh ? exchange({HttpCall::Method::post, url, TRY(jws(signer, url, *fresh, payload))})
              : Result<HttpAnswer>{std::move(fresh).error()};
    if (!answer) {
      if (answer.error().code() != Code::unavailable || attempt + 1 >= limits_.attempts)
        return std::move(answer).within(step);
      retry_after_.reset();
      TRY(sit_out(attempt++, step, {}));
      continue;
    }
    if (is_good(answer->status)) return answer;
    if (is_away(answer->status) || is_busy(*answer)) {
      TRY(sit_out(attempt++, step, *answer));
      continue;
    }
    // RFC 8555 section 6.5: a rejected nonce is no refusal; its answer brings a fresh one.
    if (decode_problem(answer->body).type != "badNonce" || ++rejected > limits_.nonces)
      return refusal(*answer, step);
  }
}

}  // namespace sp::acme
