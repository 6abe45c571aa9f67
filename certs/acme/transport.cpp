#include "certs/acme/transport.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#include <httplib.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace sp::acme {
namespace {

constexpr std::size_t most_headers = 100;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// httplib's timeouts are for each read; this one is for the whole.
class Deadline {
 public:
  Deadline(httplib::SSLClient& client, Duration after)
      : thread_([this, &client, until = std::chrono::steady_clock::now() + after] {
          std::unique_lock lock{mutex_};
          if (ended_.wait_until(lock, until, [this] { return over_; })) return;
          late_ = true;
          client.stop();
        }) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() {
    {
      const std::lock_guard lock{mutex_};
      over_ = true;
    }
    ended_.notify_all();
  }
  bool late() {
    const std::lock_guard lock{mutex_};
    return late_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false, late_ = false;
  std::jthread thread_;  // last: ends before what it uses
};

httplib::Request request_of(const HttpCall& call, const Url& url) {
  httplib::Request request;
  request.method = call.method == HttpCall::Method::post   ? "POST"
                   : call.method == HttpCall::Method::head ? "HEAD"
                                                           : "GET";
  request.path = url.target;
  request.headers.emplace("User-Agent", "sallyport-certs/" SALLYPORT_VERSION);
  request.headers.emplace("Accept-Encoding", "identity");
  if (call.method == HttpCall::Method::post) {
    request.headers.emplace("Content-Type", "application/jose+json");
    request.body = call.body;
  }
  return request;
}

Error unreachable(const Url& url, httplib::Error error) {
  const auto where = url.host + ":" + std::to_string(url.port);
  if (error == httplib::Error::SSLServerVerification || error == httplib::Error::SSLLoadingCerts)
    return {Code::forbidden,
            where +
                " shows a certificate that is not trusted here: name its authority with --ca, "
                "or check the address"};
  return {Code::unavailable, where + " does not answer (" + httplib::to_string(error) +
                                 "): check the address, the network and the firewall"};
}

class HttpsTransport final : public Transport {
 public:
  explicit HttpsTransport(TransportOptions options) : options_(std::move(options)) {}

  Result<HttpAnswer> exchange(const HttpCall& call) override {
    const auto url = TRY(parse_url(call.url));
    httplib::SSLClient client{url.host, url.port};
    prepare(client);
    auto request = request_of(call, url);
    HttpAnswer answer;
    bool too_large = false;
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      too_large = answer.body.size() + size > options_.most_body;
      if (!too_large) answer.body.append(data, size);
      return !too_large;
    };
    httplib::Response response;
    httplib::Error error{};
    Deadline deadline{client, options_.patience};
    const bool answered = client.send(request, response, error);
    if (too_large || response.headers.size() > most_headers)
      return Error{Code::unavailable, url.host + " sends an answer that is too large"};
    if (deadline.late())
      return Error{Code::unavailable, url.host + " did not finish its answer in time"};
    if (!answered) return unreachable(url, error);
    answer.status = response.status;
    for (const auto& [name, value] : response.headers)
      answer.headers.emplace_back(lower(name), value);
    return answer;
  }

 private:
  void prepare(httplib::SSLClient& client) const {
    if (!options_.ca_file.empty()) client.set_ca_cert_path(options_.ca_file.c_str());
    client.enable_server_certificate_verification(true);
    client.set_connection_timeout(options_.connect);
    client.set_read_timeout(options_.patience);
    client.set_write_timeout(options_.patience);
    client.set_follow_location(false);
    client.set_decompress(false);
  }
  TransportOptions options_;
};

}  // namespace

std::unique_ptr<Transport> https_transport(TransportOptions options) {
  return std::make_unique<HttpsTransport>(std::move(options));
}

}  // namespace sp::acme
