#include "edge-gateway/recording/recording.h"

#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "base/testing/temporary_folder.h"
#include "pushpull/envelope/envelope.h"

namespace sp::edge_gateway::recording {
namespace {

const Instant began = from_millis(1'800'000'000'000);

Bytes hex(const nlohmann::json& value) {
  return bytes::from_hex(value.get<std::string>()).value();
}

nlohmann::json vector() {
  std::ifstream file{"edge-gateway/recording/testdata/recording-v1.json"};
  return nlohmann::json::parse(file)["tests"][0];
}

void take(Recording& recording, const nlohmann::json& step, Instant start) {
  const auto at = start + Duration{step.value("at", 0)};
  if (step.contains("output")) REQUIRE(recording.output(hex(step["output"]), at));
  if (step.contains("input")) REQUIRE(recording.input(hex(step["input"]), at));
  if (step.contains("resize")) REQUIRE(recording.resize(step["resize"][0], step["resize"][1], at));
  if (step.contains("mark")) REQUIRE(recording.mark(at));
  if (step.contains("flush")) REQUIRE(recording.flush());
  if (step.contains("finish")) REQUIRE(recording.finish());
}

/// A recording that runs in a folder of its own.
struct Running {
  testing::TemporaryFolder folder;
  OsRandom random;
  pushpull::SessionId session{std::byte{7}};
  pushpull::StaticPrivateKey key = pushpull::StaticPrivateKey::random(random);
  std::unique_ptr<Recording> recording =
      Recording::begin(folder.path(), session, pushpull::core_public_key(key),
                       {80, 24, "a title", began}, random)
          .value();
  [[nodiscard]] std::filesystem::path file() const { return path_of(folder.path(), session); }
  [[nodiscard]] std::string content() const {
    return std::string{bytes::text(config::read_file(file(), 64U << 20U).value())};
  }
};

/// No file may grow beyond `size` while it lives, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(::rlim_t size) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const ::rlimit limit{size, before_.rlim_max};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  ::rlimit before_{};
};

}  // namespace

TEST_CASE("what is written is the vector's file", "[recording]") {
  const auto v = vector();
  const testing::TemporaryFolder folder;
  pushpull::SessionId session{};
  std::ranges::copy(hex(v["session"]), session.begin());
  testing::CountingRandom random;  // gives the vector's ephemeral key
  const auto start = from_millis(v["began"]);

  auto recording = Recording::begin(folder.path(), session,
                                    pushpull::StaticPublicKey::of(hex(v["recording_key"])).value(),
                                    {v["columns"], v["rows"], v["title"], start}, random);
  REQUIRE(recording.has_value());
  for (const auto& step : v["steps"]) take(**recording, step, start);

  const auto file = config::read_file(path_of(folder.path(), session)).value();
  CHECK(bytes::hex(file) == v["file"].get<std::string>());
  const auto progress = (*recording)->progress();
  CHECK(progress.chunks == v["chunks"]);
  CHECK(progress.bytes == file.size());
  CHECK(bytes::hex(progress.hash) == v["hash"].get<std::string>());
}

TEST_CASE("a chunk is due half a second after something is in it", "[recording]") {
  Running run;

  CHECK(run.recording->due() == began + chunk_after);  // the head line waits
  REQUIRE(run.recording->flush());
  CHECK_FALSE(run.recording->due().has_value());
  REQUIRE(run.recording->output(bytes::of("x"), began + Duration{3000}));
  REQUIRE(run.recording->output(bytes::of("y"), began + Duration{3400}));
  CHECK(run.recording->due() == began + Duration{3500});
}

TEST_CASE("64 KiB are written without being asked", "[recording]") {
  Running run;
  const std::string much(chunk_after_bytes, 'x');

  REQUIRE(run.recording->output(bytes::of(much), began));

  CHECK(run.recording->progress().chunks == 1);
  CHECK(std::filesystem::file_size(run.file()) == run.recording->progress().bytes);
}

TEST_CASE("a flush with nothing to say writes nothing", "[recording]") {
  Running run;
  REQUIRE(run.recording->flush());
  const auto before = run.recording->progress();

  REQUIRE(run.recording->flush());

  CHECK(run.recording->progress().chunks == before.chunks);
}

TEST_CASE("the file holds nothing in the clear, and is its user's alone",
          "[recording][promise-2]") {
  Running run;

  REQUIRE(run.recording->output(bytes::of("correct horse"), began));
  REQUIRE(run.recording->finish());

  CHECK(run.content().find("correct") == std::string::npos);
  CHECK(run.content().find("title") == std::string::npos);
  struct ::stat stat {};
  REQUIRE(::stat(run.file().c_str(), &stat) == 0);
  CHECK((stat.st_mode & 0777U) == 0600U);
}

TEST_CASE("what is durable can be told from the file without a key", "[recording]") {
  Running run;
  REQUIRE(run.recording->output(bytes::of("one"), began));
  REQUIRE(run.recording->flush());
  REQUIRE(run.recording->output(bytes::of("two"), began));
  REQUIRE(run.recording->flush());
  const auto known = run.recording->progress();
  std::ofstream{run.file(), std::ios::app} << std::string_view{"\0\0\1\0\0part", 9};

  const auto found = progress_of(run.file()).value();

  CHECK(found.chunks == known.chunks);
  CHECK(found.bytes == known.bytes);
  CHECK(found.hash == known.hash);
  CHECK(progress_of(run.folder / "none").error().code() == Code::not_found);
}

TEST_CASE("nothing is added to a finished recording", "[recording]") {
  Running run;
  REQUIRE(run.recording->finish());

  CHECK_FALSE(run.recording->output(bytes::of("x"), began));
  CHECK(run.recording->finish());
  CHECK(run.recording->progress().chunks == 1);
}

TEST_CASE("a recording is never written over another", "[recording]") {
  Running run;

  const auto again = Recording::begin(run.folder.path(), run.session,
                                      pushpull::core_public_key(run.key), {}, run.random);

  CHECK_FALSE(again.has_value());
}

TEST_CASE("a full disk is said, and what was durable stays", "[recording]") {
  Running run;
  REQUIRE(run.recording->flush());
  const auto before = run.recording->progress();

  Outcome outcome;
  {
    const FullDisk full{before.bytes + 100};
    REQUIRE(run.recording->output(bytes::of(std::string(4096, 'x')), began));
    outcome = run.recording->flush();
  }

  CHECK_FALSE(outcome.has_value());
  CHECK_FALSE(run.recording->output(bytes::of("y"), began));
  CHECK(run.recording->progress().chunks == before.chunks);
  CHECK(progress_of(run.file())->hash == before.hash);
}

TEST_CASE("a key of no use makes no recording", "[recording]") {
  const testing::TemporaryFolder folder;
  OsRandom random;

  const auto recording = Recording::begin(folder.path(), {}, {}, {}, random);

  CHECK_FALSE(recording.has_value());
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace sp::edge_gateway::recording
