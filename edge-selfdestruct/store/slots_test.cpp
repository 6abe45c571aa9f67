#include "edge-selfdestruct/store/slots.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/bytes/bytes.h"
#include "base/testing/catch.h"
#include "edge-selfdestruct/store/testing/folder.h"

using namespace sp;
using namespace sp::edge_selfdestruct;

namespace {

struct Keys {
  testing::Folder folder;
  OsRandom random;
  std::string path = folder.file("slots.key");
  std::unique_ptr<SlotFile> open() { return SlotFile::open(path, random).value(); }
  [[nodiscard]] std::string raw() const { return testing::content(path); }
};

std::string key_text(const SlotFile& file, Slot slot) {
  const auto key = file.key(slot).value();
  return std::string{bytes::text(key.expose())};
}

std::vector<bool> live(std::initializer_list<Slot> slots) {
  std::vector<bool> out(100'000, false);
  for (const auto slot : slots) out[static_cast<std::size_t>(number(slot))] = true;
  return out;
}

std::set<std::int64_t> allocate(SlotFile& file, int count) {
  std::set<std::int64_t> out;
  for (int i = 0; i < count; ++i) out.insert(number(file.allocate().value()));
  return out;
}

}  // namespace

TEST_CASE("a slot has its key on the disk before it is given out", "[store][promise-5]") {
  Keys keys;
  auto file = keys.open();

  const auto slot = file->allocate().value();

  CHECK(keys.raw().find(key_text(*file, slot)) != std::string::npos);
}

TEST_CASE("a shredded key is overwritten where it stood and cannot be read", "[store][promise-5]") {
  Keys keys;
  auto file = keys.open();
  const auto slot = file->allocate().value();
  const auto other = file->allocate().value();
  const auto key = key_text(*file, slot);
  const auto size = std::filesystem::file_size(keys.path);

  REQUIRE(file->shred(std::array{slot}));

  CHECK(keys.raw().find(key) == std::string::npos);
  CHECK(file->key(slot).error().code() == Code::not_found);
  CHECK(file->key(other));
  CHECK(std::filesystem::file_size(keys.path) == size);
}

TEST_CASE("a start shreds every slot that no living message names", "[store][promise-5]") {
  Keys keys;
  auto file = keys.open();
  const auto kept = file->allocate().value();
  const auto stray = file->allocate().value();
  const auto stray_key = key_text(*file, stray);
  const auto kept_key = key_text(*file, kept);
  file.reset();

  file = keys.open();
  const auto lost = file->recover(live({kept})).value();

  CHECK(lost.empty());
  CHECK(keys.raw().find(stray_key) == std::string::npos);
  CHECK(key_text(*file, kept) == kept_key);
}

TEST_CASE("a start names the living messages whose key is gone", "[store][promise-7]") {
  Keys keys;
  auto file = keys.open();
  const auto slot = file->allocate().value();
  REQUIRE(file->shred(std::array{slot}));
  file.reset();

  file = keys.open();
  const auto lost = file->recover(live({slot, Slot{99'999}})).value();

  CHECK(lost == std::vector<Slot>{slot, Slot{99'999}});
}

TEST_CASE("slots are given out once, also beyond the first step of the file", "[store]") {
  Keys keys;
  auto file = keys.open();

  const auto given = allocate(*file, 70'000);

  CHECK(given.size() == 70'000);
  CHECK(file->capacity() == 131'072);
}

TEST_CASE("a released slot is used again with another key", "[store][promise-5]") {
  Keys keys;
  auto file = keys.open();
  const auto given = allocate(*file, 65'536);
  const Slot slot{12'345};
  const auto before = key_text(*file, slot);
  REQUIRE(file->shred(std::array{slot}));
  file->release(slot);

  const auto again = file->allocate().value();

  CHECK(again == slot);
  CHECK(key_text(*file, slot) != before);
  CHECK(given.contains(12'345));
}

TEST_CASE("a second process cannot open the key file", "[store]") {
  Keys keys;
  const auto file = keys.open();

  const auto second = SlotFile::open(keys.path, keys.random);

  CHECK(second.error().code() == Code::conflict);
}

TEST_CASE("a key file that others may read is refused", "[store]") {
  Keys keys;
  keys.open().reset();
  ::chmod(keys.path.c_str(), 0640);

  CHECK(SlotFile::open(keys.path, keys.random).error().code() == Code::forbidden);
}

TEST_CASE("a file that is no key file is refused", "[store]") {
  Keys keys;
  std::ofstream{keys.path} << std::string(10'000, 'x');
  ::chmod(keys.path.c_str(), 0600);

  CHECK(SlotFile::open(keys.path, keys.random).error().code() == Code::corrupt);
}
