// What a link does on loopback over TLS. Run: link_bench "[push]", "[latency]", "[links]".
#include <sys/resource.h>

#include <fstream>
#include <iostream>
#include <thread>

#include "base/log/log.h"
#include "base/random/random.h"
#include "base/testing/catch.h"
#include "pushpull/link/edge_server_fixture.h"
#include "pushpull/link/link.h"
#include "pushpull/outbox/memory_outbox.h"

namespace sp::pushpull {
namespace {

using State = MemoryOutbox::Message::State;
using std::chrono::steady_clock;

struct Bench {
  OsRandom random;
  SystemClock clock;
  tls::Identity identity = sp::testing::test_identity();
  Pin pin = testing::pin_of(identity);
};

/// An edge with a link of its own.
struct Site {
  explicit Site(Bench& bench)
      : made(make_link(EdgeId::random(bench.random), "bench", "selfdestruct", bench.random,
                       bench.clock.now())),
        outbox(made.keys.copy(), bench.random),
        edge(bench.clock, bench.random, bench.pin) {
    edge.enrol(made.kit);
    edge.start();
  }
  void connect(Bench& bench, const std::string& url) {
    link = std::make_unique<Link>(LinkOptions{.version = "bench"}, tls_channel(url).value(),
                                  tls_channel(url).value(), outbox, bench.clock, bench.random);
  }
  NewLink made;
  MemoryOutbox outbox;
  testing::Edge edge;
  std::unique_ptr<Link> link;
};

void wait_for(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}
double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}
long resident_kib() {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  while (status >> word)
    if (word == "VmRSS:") {
      long kib = 0;
      status >> kib;
      return kib;
    }
  return 0;
}

}  // namespace

TEST_CASE("messages of 1 KiB pushed each second", "[push]") {
  Bench bench;
  Site site{bench};
  testing::EdgeServer server{site.edge, bench.identity};
  site.connect(bench, server.url());
  wait_for([&] { return site.link->health().light == Light::green; });
  constexpr int count = 50'000;
  for (int i = 0; i < count; ++i)
    site.outbox.add(kind::message_put, bench.random.bytes<32>(), Bytes(1024));
  const auto start = steady_clock::now();
  site.link->wake();
  wait_for([&] { return site.outbox.waiting().value() == 0; });
  std::cout << "pushed_per_second " << count / seconds_since(start) << "\n";
}

TEST_CASE("from send to live, and from view to known", "[latency]") {
  Bench bench;
  Site site{bench};
  testing::EdgeServer server{site.edge, bench.identity};
  site.connect(bench, server.url());
  wait_for([&] { return site.link->health().light == Light::green; });
  std::vector<double> sends, views;
  for (int i = 0; i < 200; ++i) {
    const auto id = bench.random.bytes<32>();
    const auto key = bytes::copy(id);
    auto start = steady_clock::now();
    site.outbox.add(kind::message_put, id, Bytes(1024));
    site.link->wake();
    wait_for([&] { return site.outbox.messages().at(key).state == State::live; });
    sends.push_back(seconds_since(start));
    start = steady_clock::now();
    site.edge.view(id);
    wait_for([&] { return site.outbox.messages().at(key).state == State::ended; });
    views.push_back(seconds_since(start));
  }
  std::ranges::sort(sends);
  std::ranges::sort(views);
  std::cout << "send_to_live_p95_ms " << sends[190] * 1000 << "\n"
            << "view_to_known_p95_ms " << views[190] * 1000 << "\n";
}

TEST_CASE("memory of 200 links", "[links]") {
  Bench bench;
  std::vector<std::unique_ptr<Site>> sites;
  std::vector<std::unique_ptr<testing::EdgeServer>> servers;
  for (int i = 0; i < 200; ++i) {
    sites.push_back(std::make_unique<Site>(bench));
    servers.push_back(std::make_unique<testing::EdgeServer>(sites.back()->edge, bench.identity));
  }
  const auto before = resident_kib();
  for (int i = 0; i < 200; ++i)
    sites[static_cast<std::size_t>(i)]->connect(bench, servers[static_cast<std::size_t>(i)]->url());
  for (const auto& site : sites)
    wait_for([&] { return site->link->health().light == Light::green; });
  std::this_thread::sleep_for(std::chrono::seconds{2});
  // Both ends of each connection are in this process: an upper bound for a core.
  std::cout << "edges_and_servers_mib " << before / 1024 << "\n"
            << "links_mib " << (resident_kib() - before) / 1024 << "\n";
  for (const auto& site : sites) site->link->stop();
}

}  // namespace sp::pushpull
