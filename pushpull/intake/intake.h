#pragma once
// The edge's answer to its core: `POST /pushpull/v1` and `GET /pushpull/v1/key`. Never blocks the
// thread that calls it; database work runs on the writer, a waiting pull holds no thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/sqlite/writer.h"
#include "base/time/clock.h"
#include "pushpull/inbox/inbox.h"
#include "pushpull/items/operations.h"

namespace sp::pushpull {

struct IntakeOptions {
  std::filesystem::path directory;  ///< holds link.key (made by `enrol`) and link.count
  std::string name;                 ///< as the kit says, if empty
  std::string version;
  std::vector<std::string> capabilities;  ///< such as "selfdestruct"
  std::function<Pin()> cert_pin;          ///< of the key that the intake listener shows now
  /// What the listeners show now, for hello. From any thread.
  std::function<std::vector<CertificateReport>()> certificates;
};

class Intake {
 public:
  /// Status and body of the HTTP answer; called exactly once, from any thread. The media type is
  /// `application/octet-stream`.
  using Reply = std::function<void(int status, Bytes body)>;

  /// Makes the inbox tables, finds out whether the database is a copy of an earlier time, and reads
  /// link.key. An edge that has none yet starts too, and answers 404 until it is there (it looks
  /// again at each request). All references must outlive the intake.
  static Result<std::unique_ptr<Intake>> open(sqlite::Writer& writer, ItemHandler& handler,
                                              const Clock& clock, Random& random,
                                              IntakeOptions options);
  virtual ~Intake() = default;

  /// `POST /pushpull/v1`. 400 with an empty body for whatever does not open; 503 when the edge
  /// cannot write.
  virtual void post(Bytes body, Reply reply) = 0;
  /// `GET /pushpull/v1/key`. 404 once the edge is enrolled.
  virtual void key(Reply reply) = 0;
  /// After each commit that appended events: waiting pulls are answered. Cheap, from any thread.
  virtual void committed() = 0;
  /// False: every message answers 404 until the core has said what still lives.
  [[nodiscard]] virtual bool serving() const = 0;
  /// Answers waiting pulls at once and accepts no more. Before the server and the writer go.
  virtual void stop() = 0;

  struct Status {
    bool enrolled = false;
    bool serving = false;
    std::uint64_t applied = 0, last_event = 0;
    Instant last_contact{};  ///< zero before the first
  };
  [[nodiscard]] virtual Status status() const = 0;
};

/// The command `enrol`: checks the kit (not expired, `kind` as wanted), makes the edge's key and
/// writes link.key with mode 0600. `conflict` when the edge is enrolled already.
Outcome enrol(const std::filesystem::path& directory, BytesView kit, std::string_view kind,
              Random& random, Instant now);

}  // namespace sp::pushpull
