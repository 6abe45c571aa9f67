#include "certs/acme/http_01.h"

#include <map>
#include <mutex>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/http/server.h"

namespace sp::acme {
namespace {

// What is presented now. Read by the server's threads.
class Board {
 public:
  void put(const Challenge& challenge) {
    const std::lock_guard lock{mutex_};
    answers_[challenge.token] = challenge.key_authorization;
  }
  void forget(const Challenge& challenge) {
    const std::lock_guard lock{mutex_};
    answers_.erase(challenge.token);
  }
  http::Response answer(const http::Request& request) const {
    http::Response response;
    response.status = 404;
    if (!request.path.starts_with(well_known)) return response;
    const std::lock_guard lock{mutex_};
    const auto it = answers_.find(request.path.substr(well_known.size()));
    if (it == answers_.end()) return response;
    response.status = 200;
    response.body = it->second;
    response.headers.emplace_back("Content-Type", "application/octet-stream");
    return response;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> answers_;
};

class Responder final : public ChallengeSolver {
 public:
  static Result<std::unique_ptr<ChallengeSolver>> start(const std::string& listen) {
    auto out = std::make_unique<Responder>();
    http::Options options;
    options.listen = listen;
    options.io_threads = 1;
    options.blocking_threads = 1;
    options.limits.connections = 500;
    options.limits.connections_per_address = 50;
    options.limits.body_bytes = 0;
    options.limits.stop_time = std::chrono::milliseconds{1'000};
    out->server_ = TRY(http::Server::start(
        std::move(options), [&board = out->board_](http::Request request, http::Reply reply) {
          reply(board.answer(request));
        }));
    return out;
  }
  [[nodiscard]] ChallengeKind kind() const override { return ChallengeKind::http_01; }
  Outcome present(const Challenge& challenge) override {
    board_.put(challenge);
    return {};
  }
  Outcome remove(const Challenge& challenge) override {
    board_.forget(challenge);
    return {};
  }

 private:
  Board board_;
  std::unique_ptr<http::Server> server_;  // last: ends before what it reads
};

class Webroot final : public ChallengeSolver {
 public:
  explicit Webroot(const std::filesystem::path& folder)
      : folder_(folder / std::filesystem::path{well_known}.relative_path()) {}
  [[nodiscard]] ChallengeKind kind() const override { return ChallengeKind::http_01; }
  Outcome present(const Challenge& challenge) override {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error)
      return Error{Code::unavailable, "cannot make " + folder_.string() + ": " + error.message()};
    return config::write_file(folder_ / challenge.token, bytes::of(challenge.key_authorization),
                              0644);
  }
  Outcome remove(const Challenge& challenge) override {
    std::error_code error;
    std::filesystem::remove(folder_ / challenge.token, error);
    if (error)
      return Error{Code::unavailable, "cannot remove " + (folder_ / challenge.token).string() +
                                          ": " + error.message()};
    return {};
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace

Result<std::unique_ptr<ChallengeSolver>> http_01_responder(const std::string& listen) {
  return Responder::start(listen);
}

std::unique_ptr<ChallengeSolver> http_01_webroot(std::filesystem::path folder) {
  return std::make_unique<Webroot>(folder);
}

}  // namespace sp::acme
