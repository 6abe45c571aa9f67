#include "certs/acme/transport.h"

#include "certs/acme/transport_roots.h"

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

#include "base/openssl/handle.h"
#include "base/tls/certificate.h"

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
  HttpsTransport(TransportOptions options, std::string roots)
      : options_(std::move(options)), roots_(std::move(roots)) {}

  Result<HttpAnswer> exchange(const HttpCall& call) override {
    const auto url = TRY(parse_url(call.url));
    httplib::SSLClient client{url.host, url.port};
    prepare(client);
    TRY(trust(client));
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
  // `roots_` alone. The folder is one that is not there: without any, httplib adds the system's.
  Outcome trust(httplib::SSLClient& client) const {
    if (roots_.empty()) return {};
    openssl::Handle<X509_STORE, ::X509_STORE_free> store{::X509_STORE_new()};
    for (const auto& root : TRY(tls::parse_chain(roots_)))
      if (::X509_STORE_add_cert(store.get(), root.get()) != 1)
        return openssl::failure("trust the CA's roots");
    client.set_ca_cert_path({}, "/nonexistent");
    client.set_ca_cert_store(store.release());
    return {};
  }
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
  std::string roots_;
};

}  // namespace

std::unique_ptr<Transport> https_transport(TransportOptions options) {
  return std::make_unique<HttpsTransport>(std::move(options), std::string{});
}

std::unique_ptr<Transport> https_transport(TransportOptions options, std::string roots) {
  return std::make_unique<HttpsTransport>(std::move(options), std::move(roots));
}

}  // namespace sp::acme
