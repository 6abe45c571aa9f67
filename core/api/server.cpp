// cpp-httplib's TLS server in front of the dispatcher. It serves from a blocking pool, so it stands
// inside only, with every limit and timeout set.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#include <httplib.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <array>
#include <thread>

#include "base/log/log.h"
#include "base/tls/context.h"
#include "core/api/internal/dispatch.h"
#include "core/api/internal/upstream.h"
#include "core/api/internal/web_files.h"
#include "core/api/server.h"

namespace sp::api {
namespace {

// Reading and parsing a body leaves pieces of it in stack frames that are gone by then.
[[gnu::noinline]] void wipe_old_frames() {
  std::array<std::byte, std::size_t{96} * 1024> below;  // NOLINT: filled by wipe
  wipe(std::span{below});
}

constexpr std::string_view portal_prefix = "/selfdestruct";
constexpr std::size_t portal_body_limit = std::size_t{64} << 10;
constexpr std::array every_answer{
    std::pair{"Strict-Transport-Security", "max-age=31536000"},
    std::pair{"X-Content-Type-Options", "nosniff"},
    std::pair{"Referrer-Policy", "no-referrer"},
    std::pair{"Cross-Origin-Opener-Policy", "same-origin"},
    std::pair{"Cross-Origin-Resource-Policy", "same-origin"},
    std::pair{"X-Frame-Options", "DENY"},
};

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// The body as httplib reads it. What the handler left is read and thrown away, so that it does not
// become the next request on the connection.
class HttpBody final : public BodySource {
 public:
  explicit HttpBody(const httplib::ContentReader& reader) : reader_(&reader) {}

  Outcome read(std::size_t limit, const Receive& receive) override {
    Pass pass{limit, receive};
    touched_ = true;
    whole_ = (*reader_)([&](const char* data, std::size_t size) {
      return pass.take({data, size});
    });
    return pass.outcome(whole_);
  }
  Outcome read_parts(std::size_t limit, const std::function<Outcome(const Part&)>& begin,
                     const Receive& receive) override {
    Pass pass{limit, receive};
    touched_ = true;
    const auto on_part = [&](const httplib::MultipartFormData& part) {
      return pass.keep(begin({part.name, part.filename, part.content_type}));
    };
    whole_ = (*reader_)(on_part, [&](const char* data, std::size_t size) {
      return pass.take({data, size});
    });
    return pass.outcome(whole_);
  }
  /// False when the connection cannot be used for another request.
  bool drain() {
    if (!touched_) {
      std::size_t left = std::size_t{1} << 20;
      whole_ = (*reader_)([&](const char*, std::size_t size) {
        left -= std::min(left, size);
        return left > 0;
      });
    }
    return whole_;
  }

 private:
  // Counts, and remembers the first failure: httplib knows yes and no alone. After a failure it
  // goes on reading for a while, so that the client is there to hear the answer.
  struct Pass {
    std::size_t left;
    const Receive& receive;
    std::size_t patience = std::size_t{16} << 20;
    Outcome so_far{};
    bool keep(Outcome outcome) {
      so_far = std::move(outcome);
      return so_far.has_value();
    }
    bool take(std::string_view piece) {
      if (!so_far) return throw_away(piece.size());
      so_far = piece.size() > left ? Outcome{Error{Code::invalid_input, "body too large"}}
                                   : receive(bytes::of(piece));
      left -= std::min(left, piece.size());
      return true;
    }
    bool throw_away(std::size_t size) {
      patience -= std::min(patience, size);
      return patience > 0;
    }
    Outcome outcome(bool whole) {
      if (!so_far) return std::move(so_far);
      if (!whole) return Error{Code::invalid_input, "body cut short or malformed"};
      return {};
    }
  };
  const httplib::ContentReader* reader_;
  bool touched_ = false, whole_ = false;
};

std::map<std::string, std::string> headers_of(const httplib::Request& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) headers.emplace(lower(name), value);
  return headers;
}

Incoming incoming_of(const httplib::Request& request, BodySource* body) {
  Incoming incoming{request.method,      request.path,        {},
                    headers_of(request), request.remote_addr, body};
  for (const auto& [name, value] : request.params) incoming.query.emplace_back(name, value);
  return incoming;
}

// httplib's own providers, because it would compress (and so measure) what is given as text.
// `last`: nothing more is read from this connection.
void put_body(httplib::Response& to, std::string body, const std::string& type, bool last) {
  if (body.empty() && !last) {
    if (!type.empty()) to.set_header("Content-Type", type);
    return;
  }
  const auto held = std::make_shared<const std::string>(std::move(body));
  const auto size = std::max<std::size_t>(held->size(), 1);
  to.set_content_provider(
      size, type.empty() ? "text/plain" : type,
      [held, last](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        const auto piece =
            held->empty() ? std::string_view{"\n"} : std::string_view{*held}.substr(offset, length);
        return sink.write(piece.data(), piece.size()) && !last;
      });
}

void put_stream(httplib::Response& to, Stream stream, const std::string& type,
                std::optional<std::size_t> length) {
  const auto next = [stream = std::move(stream)](httplib::DataSink& sink) {
    auto piece = stream();
    if (!piece) return false;  // cuts the connection: the client must not take it for whole
    if (!*piece) {
      sink.done();
      return true;
    }
    return (*piece)->empty() || sink.write((*piece)->data(), (*piece)->size());
  };
  if (!length) {
    to.set_chunked_content_provider(
        type, [next](std::size_t, httplib::DataSink& sink) { return next(sink); });
    return;
  }
  to.set_content_provider(*length, type, [next](std::size_t, std::size_t, httplib::DataSink& sink) {
    return next(sink);
  });
}

void put(httplib::Response& to, Response from, bool reusable) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  if (!reusable) to.set_header("Connection", "close");
  if (from.stream) return put_stream(to, std::move(from.stream), from.type, std::nullopt);
  put_body(to, std::move(from.body), from.type, !reusable);
}

bool has_body(const httplib::Request& request) {
  return request.has_header("Transfer-Encoding") ||
         (request.has_header("Content-Length") &&
          request.get_header_value("Content-Length") != "0");
}

// Two ways to say where a body ends are one too many; and a body where none belongs.
bool ambiguous(const httplib::Request& request) {
  const bool none_expected =
      request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
  return request.get_header_value_count("Content-Length") > 1 ||
         request.get_header_value_count("Host") > 1 ||
         (request.has_header("Content-Length") && request.has_header("Transfer-Encoding")) ||
         (none_expected && has_body(request));
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, const std::shared_ptr<const tls::ShownCertificate>& shown, Core& core,
       const Router& router, std::optional<WebFiles> web)
      : options_(std::move(options)),
        dispatcher_(core, router),
        core_(core),
        web_(std::move(web)),
        server_([&](SSL_CTX& context) { return dress(context, shown); }) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Outcome start() {
    TRY(std::move(dressed_));
    set_limits();
    set_handlers();
    port_ = options_.port;
    const bool bound =
        options_.port == 0 ? bind_any() : server_.bind_to_port(options_.address, options_.port);
    if (!bound)
      return Error{Code::unavailable, "cannot listen on " + options_.address + ":" +
                                          std::to_string(options_.port) +
                                          ": is another program using it?"};
    thread_ = std::jthread{[this] { server_.listen_after_bind(); }};
    return {};
  }
  void stop() {
    if (!thread_.joinable()) return;
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    server_.stop();
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  // httplib makes the SSL_CTX; base/tls says how it must be.
  bool dress(SSL_CTX& context, const std::shared_ptr<const tls::ShownCertificate>& shown) {
    dressed_ = tls::dress_public_server(context, shown);
    return dressed_.has_value();
  }
  bool bind_any() {
    const int port = server_.bind_to_any_port(options_.address);
    port_ = static_cast<std::uint16_t>(std::max(port, 0));
    return port > 0;
  }
  void set_limits() {
    server_.new_task_queue = [this] { return new httplib::ThreadPool(options_.threads); };
    server_.set_payload_max_length(stream_limit);
    server_.set_read_timeout(20);
    server_.set_write_timeout(60);
    server_.set_keep_alive_timeout(5);
    server_.set_keep_alive_max_count(1000);
    server_.set_tcp_nodelay(true);
  }
  void set_handlers() {
    server_.set_pre_routing_handler(
        [](const httplib::Request& request, httplib::Response& response) {
          // Ranges would be cut out of answers that say 200.
          const_cast<httplib::Request&>(request).ranges.clear();
          if (!ambiguous(request)) return httplib::Server::HandlerResponse::Unhandled;
          put(response, problem(Code::invalid_input), false);
          finish(response);
          return httplib::Server::HandlerResponse::Handled;
        });
    const auto bare = [this](const httplib::Request& request, httplib::Response& response) {
      serve(request, response, nullptr);
    };
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& reader) {
      serve(request, response, &reader);
      wipe_old_frames();
    };
    server_.Get(".*", bare).Options(".*", bare).Delete(".*", bare);
    server_.Delete(".*", with_body)
        .Post(".*", with_body)
        .Put(".*", with_body)
        .Patch(".*", with_body);
    server_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.content_length_ > 0 || !response.body.empty() ||
          response.is_chunked_content_provider_)
        return;
      const auto status = response.status;
      put(response, problem(status == 404 ? Code::not_found : Code::invalid_input), false);
      response.status = status;
      finish(response);
    });
    server_.set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
          log::error("api.exception");
          put(response, problem(Code::internal), false);
        });
  }

  void serve(const httplib::Request& request, httplib::Response& response,
             const httplib::ContentReader* reader) {
    std::optional<HttpBody> body;
    if (reader != nullptr && has_body(request)) body.emplace(*reader);
    auto* source = body ? &*body : nullptr;
    if (portal(request.path)) {
      serve_portal(request, response, source);
    } else {
      auto answer = answer_of(request, source);
      const bool reusable = !body || body->drain();
      put(response, std::move(answer), reusable);
    }
    finish(response);
  }
  [[nodiscard]] bool portal(std::string_view path) const {
    return options_.upstream && path.starts_with(portal_prefix) &&
           (path.size() == portal_prefix.size() || path[portal_prefix.size()] == '/');
  }
  Response answer_of(const httplib::Request& request, BodySource* body) {
    if (request.path == "/healthz") return health();
    if (request.path.starts_with("/api/")) {
      auto incoming = incoming_of(request, body);
      auto answer = dispatcher_.answer(incoming);
      answer.headers.emplace_back("Cache-Control", "no-store");
      return answer;
    }
    if (request.method != "GET" && request.method != "HEAD") {
      auto answer = problem(Code::not_found);
      answer.status = 405;
      return answer;
    }
    return page(request);
  }
  Response page(const httplib::Request& request) const {
    if (!web_) return problem(Code::not_found);
    const auto accept = request.get_header_value("Accept");
    const auto coding = request.get_header_value("Accept-Encoding");
    const auto etag = request.get_header_value("If-None-Match");
    auto found =
        web_->find({request.path == "/" ? "/index.html" : request.path, accept, coding, etag});
    return found ? std::move(*found) : problem(Code::not_found);
  }
  Response health() {
    Response response;
    response.type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    const auto alive = core_.store.ping();
    response.body = alive ? "ok\n" : "the database does not answer\n";
    if (!alive) response.status = 503;
    return response;
  }
  void serve_portal(const httplib::Request& request, httplib::Response& response, HttpBody* body) {
    Forward outgoing{request.method,
                     request.target.substr(portal_prefix.size()),
                     headers_of(request),
                     {},
                     request.remote_addr};
    if (outgoing.target.empty() || outgoing.target.front() != '/') outgoing.target.insert(0, "/");
    if (body != nullptr) {
      const auto read = body->read(portal_body_limit, [&](BytesView piece) -> Outcome {
        outgoing.body.append(bytes::text(piece));
        return {};
      });
      if (!read) return put(response, problem(read.error().code()), false);
    }
    auto answer = forward(*options_.upstream, std::move(outgoing));
    if (!answer) return put(response, problem(answer.error().code()), true);
    response.status = answer->status;
    for (const auto& [name, value] : answer->headers) response.set_header(name, value);
    if (answer->length == 0) return put_body(response, "", answer->type, false);
    put_stream(response, std::move(answer->body), answer->type, answer->length);
  }
  static void finish(httplib::Response& response) {
    for (const auto& [name, value] : every_answer) {
      if (!response.has_header(name)) response.set_header(name, value);
    }
    if (!response.has_header("Content-Security-Policy"))
      response.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }

  ServerOptions options_;
  Dispatcher dispatcher_;
  Core& core_;
  std::optional<WebFiles> web_;
  Outcome dressed_ = Error{Code::internal, "TLS was not set up"};
  httplib::SSLServer server_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(ServerOptions options,
                                              std::shared_ptr<const tls::ShownCertificate> shown,
                                              Core& core, const Router& router) {
  std::optional<WebFiles> web;
  if (options.web_root) web = TRY(WebFiles::load(*options.web_root));
  std::unique_ptr<Server> server{
      new Server{std::make_unique<Impl>(std::move(options), shown, core, router, std::move(web))}};
  TRY(server->impl_->start());
  return server;
}

void Server::stop() {
  impl_->stop();
}

std::uint16_t Server::port() const {
  return impl_->port();
}

}  // namespace sp::api
