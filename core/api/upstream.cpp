#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#include <httplib.h>
#pragma GCC diagnostic pop

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/log/log.h"
#include "core/api/internal/upstream.h"

namespace sp::api {
namespace {

constexpr std::array passed_on{"accept",       "accept-language", "accept-encoding",
                               "content-type", "if-none-match",   "sallyport-grace"};
constexpr std::array kept_back{"connection",     "keep-alive",   "transfer-encoding",
                               "content-length", "content-type", "set-cookie",
                               "server"};
constexpr std::size_t most_waiting = 8;  // pieces of 16 KiB or so

// A request to the edge on its own thread, because httplib's client pushes and its server pulls.
class Exchange {
 public:
  explicit Exchange(Upstream to) : to_(std::move(to)) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() {
    {
      const std::lock_guard lock{mutex_};
      abandoned_ = true;
    }
    changed_.notify_all();
  }

  void start(Forward request) {
    thread_ = std::jthread{[this, request = std::move(request)]() mutable { run(request); }};
  }
  Result<Forwarded> head() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return headed_ || ended_; });
    if (!headed_) return Error{Code::unavailable, "the embedded edge does not answer"};
    return std::move(head_);
  }
  Result<std::optional<std::string>> next() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return !pieces_.empty() || ended_; });
    std::optional<std::string> piece;
    if (pieces_.empty()) {
      if (!whole_) return Error{Code::unavailable, "the embedded edge broke off"};
      return piece;
    }
    piece = std::move(pieces_.front());
    pieces_.pop_front();
    changed_.notify_all();
    return piece;
  }

 private:
  void run(Forward& request) {
    httplib::Client client{to_.url};
    prepare(client);
    httplib::Request outgoing;
    outgoing.method = request.method;
    outgoing.path = request.target;
    outgoing.body = std::move(request.body);
    for (const auto* name : passed_on) {
      if (const auto it = request.headers.find(name); it != request.headers.end())
        outgoing.set_header(name, it->second);
    }
    if (!outgoing.has_header("Accept-Encoding")) outgoing.set_header("Accept-Encoding", "identity");
    if (to_.forward_address) outgoing.set_header("X-Forwarded-For", request.client);
    outgoing.response_handler = [this](const httplib::Response& response) {
      return take_head(response);
    };
    outgoing.content_receiver = [this](const char* data, std::size_t size, std::uint64_t,
                                       std::uint64_t) {
      return take_piece({data, size});
    };
    const auto result = client.send(outgoing);
    if (!result) log::warning("embedded.failed", {{"error", static_cast<int>(result.error())}});
    // httplib does not call the response handler for an answer that can have no body.
    if (result && !headed_) take_head(*result);
    const std::lock_guard lock{mutex_};
    whole_ = static_cast<bool>(result);
    ended_ = true;
    changed_.notify_all();
  }
  // The one certificate of the file is trusted, whoever issued it; nobody else is.
  void prepare(httplib::Client& client) const {
    client.set_ca_cert_path(to_.certificate.c_str());
    client.enable_server_certificate_verification(true);
    if (auto* context = client.ssl_context())
      ::X509_STORE_set_flags(::SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
    client.set_connection_timeout(5);
    client.set_read_timeout(60);
    client.set_write_timeout(30);
    client.set_decompress(false);
    client.set_follow_location(false);
  }
  bool take_head(const httplib::Response& response) {
    Forwarded head;
    head.status = response.status;
    head.type = response.get_header_value("Content-Type");
    if (response.has_header("Content-Length"))
      head.length = static_cast<std::size_t>(
          std::strtoull(response.get_header_value("Content-Length").c_str(), nullptr, 10));
    for (const auto& [name, value] : response.headers) {
      std::string lower = name;
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (std::find(kept_back.begin(), kept_back.end(), lower) == kept_back.end())
        head.headers.emplace_back(name, value);
    }
    if (response.status == 204 || response.status == 304) head.length = 0;
    const std::lock_guard lock{mutex_};
    head_ = std::move(head);
    headed_ = true;
    changed_.notify_all();
    return !abandoned_;
  }
  bool take_piece(std::string_view piece) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return pieces_.size() < most_waiting || abandoned_; });
    if (abandoned_) return false;
    pieces_.emplace_back(piece);
    changed_.notify_all();
    return true;
  }

  Upstream to_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Forwarded head_;
  std::deque<std::string> pieces_;
  bool headed_ = false, ended_ = false, whole_ = false, abandoned_ = false;
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace

Result<Forwarded> forward(const Upstream& to, Forward request) {
  const auto exchange = std::make_shared<Exchange>(to);
  exchange->start(std::move(request));
  auto head = TRY(exchange->head());
  head.body = [exchange] { return exchange->next(); };
  return head;
}

}  // namespace sp::api
