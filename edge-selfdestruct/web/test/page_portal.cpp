// For tests alone: the real portal and its store over plain HTTP on a free port of 127.0.0.1, with
// messages taken from standard input instead of a core. A line is one message:
//
//   id_hash link_hash pass_hash salt memory_kib passes views attempts life grace sender path
//
// Hashes and salt are base64url, life and grace seconds, sender base64url of UTF-8, path a file
// with the sealed content; "-" stands for what is absent. Answers "port N" at the start and "ok" or
// "refused" to each line.

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "base/http/server.h"
#include "base/random/random.h"
#include "base/time/clock.h"
#include "edge-selfdestruct/portal/portal.h"
#include "edge-selfdestruct/store/store.h"
#include "edge-selfdestruct/store/testing/folder.h"
#include "pushpull/inbox/inbox.h"
#include "pushpull/items/items.h"

namespace {

using namespace sp;

struct Line {
  std::string id, link, pass, salt, sender, path;
  std::uint32_t memory_kib = 0, passes = 0, views = 0, attempts = 0;
  std::int64_t life = 0, grace = 0;
};

std::optional<Line> parse(const std::string& text) {
  std::istringstream in{text};
  Line out;
  in >> out.id >> out.link >> out.pass >> out.salt >> out.memory_kib >> out.passes >> out.views >>
      out.attempts >> out.life >> out.grace >> out.sender >> out.path;
  if (!in) return std::nullopt;
  return out;
}

template <class Array>
Result<Array> fixed(const std::string& text) {
  const auto decoded = TRY(bytes::from_base64url(text));
  Array out{};
  if (decoded.size() != out.size()) return Error{Code::invalid_input, "size"};
  std::ranges::copy(decoded, out.begin());
  return out;
}

Bytes file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  const std::string all{std::istreambuf_iterator<char>{in}, {}};
  return bytes::copy(bytes::of(all));
}

Result<pushpull::MessagePut> form(const Line& line, const Clock& clock) {
  pushpull::MessagePut put;
  put.link = TRY(fixed<pushpull::Hash>(line.link));
  if (line.pass != "-") {
    put.pass = TRY(fixed<pushpull::Hash>(line.pass));
    put.salt = TRY(fixed<pushpull::Salt>(line.salt));
    put.memory_kib = line.memory_kib;
    put.passes = line.passes;
  }
  put.views = line.views;
  put.attempts = line.attempts;
  put.expires_at = clock.now() + std::chrono::seconds{line.life};
  put.grace = std::chrono::seconds{line.grace};
  if (line.sender != "-") {
    const auto sender = TRY(bytes::from_base64url(line.sender));
    put.sender = std::string{bytes::text(sender)};
  }
  return put;
}

class Core {
 public:
  explicit Core(edge_selfdestruct::Store& store) : store_(&store) {}

  Outcome take(const Line& line) {
    auto put = TRY(form(line, store_->clock()));
    auto content = file(line.path);
    const auto id = TRY(bytes::from_base64url(line.id));
    put.size = content.size();
    if (content.size() <= pushpull::chunk_size)
      put.data = std::move(content);
    else
      put.chunks = TRY(chunks(id, content));
    return apply({0, std::string{pushpull::kind::message_put}, id, encode(put)});
  }

 private:
  Outcome apply(const pushpull::Item& item) {
    return store_->writer().run(
        [&](sqlite::Database& db) { return store_->items().apply(db, item); });
  }
  Result<std::uint32_t> chunks(const Bytes& id, BytesView content) {
    std::uint32_t index = 0;
    for (std::size_t at = 0; at < content.size(); at += pushpull::chunk_size, ++index) {
      const auto size = std::min(pushpull::chunk_size, content.size() - at);
      const pushpull::MessageChunk chunk{index, bytes::copy(content.subspan(at, size))};
      TRY(apply({0, std::string{pushpull::kind::message_chunk}, id, encode(chunk)}));
    }
    return index;
  }
  edge_selfdestruct::Store* store_;
};

void take_lines(Core& core) {
  for (std::string text; std::getline(std::cin, text);) {
    const auto line = parse(text);
    const auto done = line ? core.take(*line) : Outcome{Error{Code::invalid_input, "line"}};
    std::cout << (done ? "ok" : "refused " + std::string{done.error().detail()}) << std::endl;
  }
}

Outcome serve() {
  const testing::Folder folder;
  SystemClock clock;
  OsRandom random;
  edge_selfdestruct::StoreOptions options;
  options.directory = folder.file("data");
  auto store = TRY(edge_selfdestruct::Store::open(options, clock, random));
  TRY(store->writer().run(
      [&](sqlite::Database& db) { return pushpull::create_inbox(db, random); }));
  TRY(store->start([] { return true; }, [] {}));
  edge_selfdestruct::Portal portal{*store, {}};
  http::Options listen;
  listen.listen = "127.0.0.1:0";
  listen.body_limit = edge_selfdestruct::Portal::body_limit;
  auto server = TRY(
      http::Server::start(std::move(listen), [&](http::Request request, const http::Reply& reply) {
        portal.handle(std::move(request), reply);
      }));
  std::cout << "port " << server->port() << std::endl;
  Core core{*store};
  take_lines(core);
  server->stop();
  store->stop();
  return {};
}

}  // namespace

int main() {
  const auto done = serve();
  if (!done) std::cerr << done.error().detail() << '\n';
  return done ? 0 : 1;
}
