#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "base/testing/temporary_folder.h"
#include "core/backup/archive.h"

using namespace sp;
using namespace sp::backup;

namespace {

constexpr Cost cheap{8 * 1024, 1};

struct Bench {
  testing::TemporaryFolder folder;
  OsRandom random;
  Secret passphrase = Secret::copy_of(bytes::of("correct horse battery"));
  std::filesystem::path file = folder / "one.backup";
  std::filesystem::path out = folder / "out";
  Bench() { std::filesystem::create_directory(out); }

  void make(std::size_t database_size) {
    auto writer = SealedWriter::create(file, passphrase, cheap, random, from_millis(4711));
    REQUIRE(writer);
    REQUIRE(add(*writer, entry::root_key, bytes::of("half a key")));
    REQUIRE(add(*writer, entry::sqlite, Bytes(database_size, std::byte{7})));
    REQUIRE(end(*writer));
    REQUIRE(writer->finish());
  }
  Result<std::vector<std::string>> take_out(const Secret& with) {
    auto reader = TRY(SealedReader::open(file, with));
    return extract(reader, out);
  }
  void overwrite(std::size_t at, std::byte mask) {
    auto all = *config::read_file(file, 10 << 20);
    all[at] ^= mask;
    REQUIRE(config::write_file(file, all, 0600));
  }
};

}  // namespace

TEST_CASE("a backup gives back what was put in, over many segments", "[backup]") {
  Bench bench;
  bench.make(3 * segment_size + 5);

  const auto names = bench.take_out(bench.passphrase);

  REQUIRE(names);
  CHECK(*names == std::vector<std::string>{"root.key", "database.sqlite"});
  CHECK(bytes::text(*config::read_file(bench.out / "root.key")) == "half a key");
  CHECK(std::filesystem::file_size(bench.out / "database.sqlite") == 3 * segment_size + 5);
}

TEST_CASE("a content that ends with its segment is whole too", "[backup]") {
  Bench bench;
  // Heads and end take 2+8+8+10, 2+15+8 and 2 bytes.
  bench.make(2 * segment_size - 55);

  CHECK(bench.take_out(bench.passphrase));
}

TEST_CASE("a wrong passphrase opens nothing", "[backup]") {
  Bench bench;
  bench.make(10);

  const auto refused = bench.take_out(Secret::copy_of(bytes::of("incorrect horse")));

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Code::corrupt);
}

TEST_CASE("a flipped bit anywhere is found", "[backup]") {
  Bench bench;
  bench.make(40);
  const auto size = std::filesystem::file_size(bench.file);
  for (std::size_t at = 0; at < size; at += 3) {
    // The cost's bytes: another memory size is another key, and may be refused before.
    if (at >= 9 && at < 17) continue;
    bench.overwrite(at, std::byte{0x10});
    CHECK_FALSE(bench.take_out(bench.passphrase));
    bench.overwrite(at, std::byte{0x10});
  }
  CHECK(bench.take_out(bench.passphrase));
}

TEST_CASE("a backup that was cut is found, also between segments", "[backup]") {
  Bench bench;
  bench.make(2 * segment_size + 100);
  const auto whole = header_size + segment_size + openssl::gcm_tag_size;
  for (const auto size : {std::size_t{0}, std::size_t{20}, header_size, whole, whole + 1}) {
    auto all = *config::read_file(bench.file, 10 << 20);
    all.resize(size);
    const auto keep = bench.file;
    bench.file = bench.folder / "cut";
    REQUIRE(config::write_file(bench.file, all, 0600));
    CHECK_FALSE(bench.take_out(bench.passphrase));
    bench.file = keep;
  }
}

TEST_CASE("nothing stands in the place of a backup before it is whole", "[backup]") {
  Bench bench;
  {
    auto writer =
        SealedWriter::create(bench.file, bench.passphrase, cheap, bench.random, from_millis(1));
    REQUIRE(writer);
    REQUIRE(add(*writer, entry::root_key, bytes::of("x")));
  }

  CHECK(std::filesystem::is_empty(bench.out));
  CHECK_FALSE(std::filesystem::exists(bench.file));
  CHECK_FALSE(std::filesystem::exists(bench.file.string() + ".part"));
}

TEST_CASE("a header out of bounds is refused", "[backup]") {
  const Header good{cheap, {}, from_millis(4711)};

  CHECK(decode_header(encode(good)));
  CHECK_FALSE(decode_header(encode({{8 * 1024, 0}, {}, {}})));
  CHECK_FALSE(decode_header(encode({{1024, 1}, {}, {}})));
  CHECK_FALSE(decode_header(encode({{0xFFFFFFFF, 1}, {}, {}})));
  CHECK_FALSE(decode_header({}));
  CHECK_FALSE(check_name("../evil"));
}
