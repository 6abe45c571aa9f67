#pragma once
// For tests alone: a store with its inbox, its clock in the test's hand, asked as a portal asks it
// but answered at once.

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random/random.h"
#include "base/testing/manual_clock.h"
#include "edge-selfdestruct/store/store.h"
#include "edge-selfdestruct/store/testing/folder.h"
#include "pushpull/inbox/inbox.h"
#include "pushpull/items/items.h"

namespace sp::testing {

using namespace std::chrono_literals;  // NOLINT: a test's header
namespace edge = sp::edge_selfdestruct;

/// A message as its recipient has it.
struct Letter {
  Bytes id;
  Bytes link_proof;
  Bytes pass_proof;
  Bytes content;
  [[nodiscard]] openssl::Digest id_hash() const { return openssl::sha256(id); }
};

struct Wish {
  std::uint32_t views = 1;
  std::uint32_t attempts = 5;
  Duration life = 1h;
  Duration grace{0};
  bool passphrase = false;
  std::size_t size = 1808;
};

class Desk {
 public:
  Desk() { open(); }
  ~Desk() { close(); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void open() {
    options.directory = folder.file("data");
    store = edge::Store::open(options, clock, random).value();
    run([this](sqlite::Database& db) { return pushpull::create_inbox(db, random); });
    const auto started = store->start([this] { return serving.load(); }, [this] { ++commits; });
    ensure(started.has_value());
  }
  void close() {
    if (store) store->stop();
    store.reset();
  }
  void reopen() {
    close();
    open();
  }

  void run(std::function<Outcome(sqlite::Database&)> job) {
    const auto done = store->writer().run(std::move(job));
    if (!done) std::fprintf(stderr, "%s\n", done.error().detail().c_str());
    ensure(done.has_value());
  }
  Outcome apply(const pushpull::Item& item) {
    return store->writer().run(
        [&](sqlite::Database& db) { return store->items().apply(db, item); });
  }

  Letter letter(std::size_t size) {
    Letter out{Bytes(16), Bytes(32), Bytes(32), Bytes(size)};
    for (auto* part : {&out.id, &out.link_proof, &out.pass_proof, &out.content}) random.fill(*part);
    return out;
  }
  [[nodiscard]] pushpull::MessagePut form(const Letter& letter, const Wish& wish) const {
    pushpull::MessagePut put;
    put.link = openssl::sha256(letter.link_proof);
    if (wish.passphrase) {
      put.pass = openssl::sha256(letter.pass_proof);
      put.salt = pushpull::Salt{};
      put.memory_kib = 65536;
      put.passes = 3;
    }
    put.views = wish.views;
    put.attempts = wish.attempts;
    put.expires_at = clock.now() + wish.life;
    put.grace = wish.grace;
    put.size = letter.content.size();
    return put;
  }
  static pushpull::Item item(const Letter& letter, std::string_view kind, Bytes body) {
    return {.seq = 0,
            .kind = std::string{kind},
            .id = bytes::copy(letter.id_hash()),
            .body = std::move(body)};
  }
  Outcome put_chunks(const Letter& letter) {
    const BytesView content{letter.content};
    std::uint32_t index = 0;
    for (std::size_t at = 0; at < content.size(); at += pushpull::chunk_size, ++index) {
      const auto size = std::min(pushpull::chunk_size, content.size() - at);
      const pushpull::MessageChunk chunk{index, bytes::copy(content.subspan(at, size))};
      if (auto done = apply(item(letter, pushpull::kind::message_chunk, encode(chunk))); !done)
        return done;
    }
    return {};
  }
  Letter put(const Wish& wish = {}) {
    auto made = letter(wish.size);
    auto put = form(made, wish);
    if (made.content.size() <= pushpull::chunk_size) {
      put.data = made.content;
    } else {
      ensure(put_chunks(made).has_value());
      put.chunks = static_cast<std::uint32_t>((made.content.size() + pushpull::chunk_size - 1) /
                                              pushpull::chunk_size);
    }
    ensure(apply(item(made, pushpull::kind::message_put, encode(put))).has_value());
    return made;
  }
  Outcome revoke(const Letter& letter) {
    return apply(item(letter, pushpull::kind::message_revoke, pushpull::empty_body()));
  }

  static edge::Holder holder(const Letter& letter, bool pass = false, BytesView grace = {}) {
    edge::Holder out;
    out.id = letter.id_hash();
    out.link = openssl::sha256(letter.link_proof);
    if (pass) out.pass = openssl::sha256(letter.pass_proof);
    if (!grace.empty()) out.grace = openssl::sha256(grace);
    out.source = "192.0.2.0/24";
    return out;
  }

  edge::Answer<edge::Record> status(const edge::Holder& who) {
    return store->status(who);
  }
  edge::Answer<edge::Released> reveal(const edge::Holder& who) {
    return ask<edge::Released>([&](auto done) { store->reveal(who, done); });
  }
  edge::Answer<edge::Nothing> saved(const edge::Holder& who) {
    return ask<edge::Nothing>([&](auto done) { store->saved(who, done); });
  }
  edge::Answer<edge::Nothing> destroy(const edge::Holder& who) {
    return ask<edge::Nothing>([&](auto done) { store->destroy(who, done); });
  }
  /// What the browser would get of it.
  Bytes content(edge::Released released) {
    if (released.whole) return *released.whole;
    Bytes out;
    auto next = store->content(std::move(released));
    while (auto piece = next().value()) bytes::append(out, *piece);
    return out;
  }

  /// "viewed 1 0", "refused 4", "destroyed views", "warning ...", in their order.
  std::vector<std::string> events() {
    std::vector<pushpull::Event> found;
    run([&](sqlite::Database& db) -> Outcome {
      found = TRY(pushpull::read_events(db, 0, 1U << 30U)).events;
      return {};
    });
    std::vector<std::string> out;
    for (const auto& event : found) out.push_back(told(event));
    return out;
  }
  std::int64_t rows(const std::string& sql) {
    std::int64_t out = 0;
    run([&](sqlite::Database& db) -> Outcome {
      auto row = TRY(db.query(sql));
      TRY(row.step());
      out = row.integer(0);
      return {};
    });
    return out;
  }
  Bytes blob(const std::string& sql) {
    Bytes out;
    run([&](sqlite::Database& db) -> Outcome {
      auto row = TRY(db.query(sql));
      TRY(row.step());
      out = row.blob(0);
      return {};
    });
    return out;
  }
  /// Waits until `holds`; false after ten seconds.
  static bool eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 2'000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }
  bool erased() {
    return eventually([this] { return rows("SELECT count(*) FROM counter WHERE left < 0") == 0; });
  }
  /// The database and its log, as bytes.
  [[nodiscard]] std::string stored() const { return file("edge.sqlite") + file("edge.sqlite-wal"); }
  [[nodiscard]] std::string file(const std::string& name) const {
    return content_of(folder.file("data/" + name));
  }

  Folder folder;
  OsRandom random;
  ManualClock clock;
  edge::StoreOptions options{.directory = "",
                             .readers = 2,
                             .housekeeping = 10ms,
                             .disk_reserve = 1,
                             .strangers = {.burst = 60, .every = 1s},
                             .guesses = {},
                             .message = {}};
  std::atomic<bool> serving{true};
  std::atomic<int> commits{0};
  std::unique_ptr<edge::Store> store;

 private:
  template <class T, class Asking>
  edge::Answer<T> ask(const Asking& asking) {
    auto promise = std::make_shared<std::promise<edge::Answer<T>>>();
    auto future = promise->get_future();
    asking(edge::Done<T>{
        [promise](edge::Answer<T> answer) { promise->set_value(std::move(answer)); }});
    return future.get();
  }
  static std::string content_of(const std::string& path) { return testing::content(path); }
  static std::string told(const pushpull::Event& event) {
    namespace kind = pushpull::kind;
    if (event.kind == kind::message_viewed) {
      const auto body = pushpull::decode_message_viewed(event.body).value();
      return "viewed " + std::to_string(body.view) + " " + std::to_string(body.left);
    }
    if (event.kind == kind::message_refused)
      return "refused " + std::to_string(pushpull::decode_message_refused(event.body).value().left);
    if (event.kind == kind::message_destroyed)
      return "destroyed " + pushpull::decode_message_destroyed(event.body).value().reason;
    if (event.kind == kind::edge_warning)
      return "warning " + pushpull::decode_edge_warning(event.body).value().code;
    return event.kind;
  }
};

}  // namespace sp::testing
