#include <algorithm>
#include <barrier>
#include <cstdlib>
#include <numeric>
#include <thread>

#include "base/testing/catch.h"
#include "edge-selfdestruct/store/testing/desk.h"

using namespace sp;
using namespace sp::testing;

namespace {

int trials(int otherwise) {
  const char* wanted = std::getenv("RACE_TRIALS");  // NOLINT(concurrency-mt-unsafe): before threads
  return wanted == nullptr ? otherwise : std::atoi(wanted);
}

/// Readers that all start at once on each message, each through its own path.
class Race {
 public:
  explicit Race(int readers) : readers_(readers), gate_(readers) {
    desk_.options.strangers = {.burst = 1'000'000, .every = Duration{1}};
    desk_.options.disk_reserve = 0;
    desk_.reopen();
  }
  /// How many views each of `letters` gave in all.
  std::vector<int> run(const std::vector<Letter>& letters,
                       const std::function<int(Desk&, const Letter&, int reader)>& read) {
    std::vector<std::atomic<int>> given(letters.size());
    {
      std::vector<std::jthread> threads;
      for (int reader = 0; reader < readers_; ++reader) {
        threads.emplace_back([&, reader] {
          for (std::size_t n = 0; n < letters.size(); ++n) {
            gate_.arrive_and_wait();
            given[n] += read(desk_, letters[n], reader);
          }
        });
      }
    }
    return {given.begin(), given.end()};
  }
  Desk& desk() { return desk_; }

 private:
  int readers_;
  std::barrier<> gate_;
  Desk desk_;
};

std::vector<Letter> letters(Desk& desk, int count, const Wish& wish) {
  std::vector<Letter> out;
  for (int i = 0; i < count; ++i) out.push_back(desk.put(wish));
  return out;
}

// Asks until the message is gone, as a greedy crowd would.
int take_all(Desk& desk, const Letter& letter) {
  int got = 0;
  while (desk.reveal(Desk::holder(letter))) ++got;
  return got;
}

int count_of(Desk& desk, const std::string& prefix) {
  const auto all = desk.events();
  return static_cast<int>(
      std::ranges::count_if(all, [&](const auto& event) { return event.starts_with(prefix); }));
}

}  // namespace

TEST_CASE("N views are given exactly N times, however many ask at once",
          "[store][promise-3][race]") {
  const auto readers = GENERATE(2, 8, 64);
  const auto views = GENERATE(1, 3);
  Race race{readers};
  const auto all = letters(race.desk(), trials(1'200) / readers,
                           {.views = static_cast<std::uint32_t>(views), .size = 64});

  const auto given =
      race.run(all, [](Desk& desk, const Letter& letter, int) { return take_all(desk, letter); });

  CHECK(given == std::vector<int>(all.size(), views));
  CHECK(count_of(race.desk(), "viewed") == views * static_cast<int>(all.size()));
  CHECK(count_of(race.desk(), "destroyed views") == static_cast<int>(all.size()));
}

TEST_CASE("a grace repeats a view and never makes one", "[store][promise-3][race]") {
  Race race{8};
  const auto all = letters(race.desk(), trials(800) / 8, {.views = 2, .grace = 10min, .size = 64});

  const auto given = race.run(all, [](Desk& desk, const Letter& letter, int) {
    const auto first = desk.reveal(Desk::holder(letter));
    if (!first) return 0;
    for (int i = 0; i < 3; ++i)
      if (!desk.reveal(Desk::holder(letter, false, first->grace->token))) return -1'000;
    return 1;
  });

  CHECK(given == std::vector<int>(all.size(), 2));
  CHECK(count_of(race.desk(), "viewed") == 2 * static_cast<int>(all.size()));
}

TEST_CASE("readers who race with destroy, revoke and the end of time get no view after it",
          "[store][promise-3][race]") {
  Race race{8};
  auto& desk = race.desk();
  const auto all = letters(desk, trials(800) / 8, {.views = 4, .size = 64});

  const auto given = race.run(all, [](Desk& at, const Letter& letter, int reader) {
    if (reader == 0) static_cast<void>(at.destroy(Desk::holder(letter)));
    if (reader == 1) static_cast<void>(at.revoke(letter));
    const auto status = at.status(Desk::holder(letter));
    const bool got = at.reveal(Desk::holder(letter)).has_value();
    return got && !status ? 1'000 : static_cast<int>(got);
  });

  const auto most = *std::ranges::max_element(given);
  CHECK(most <= 4);
  CHECK(count_of(desk, "viewed") == std::accumulate(given.begin(), given.end(), 0));
  CHECK(count_of(desk, "destroyed") == static_cast<int>(all.size()));
}

TEST_CASE("readers at the edge of a message's time are given what the events say",
          "[store][promise-3][race]") {
  Race race{8};
  auto& desk = race.desk();
  const auto all = letters(desk, trials(400) / 8, {.views = 100, .life = 1min, .size = 64});

  const auto given = race.run(all, [&](Desk& at, const Letter& letter, int reader) {
    if (reader == 0 && &letter == &all[all.size() / 2]) at.clock.advance(1min);
    return at.reveal(Desk::holder(letter)).has_value() ? 1 : 0;
  });

  CHECK(count_of(desk, "viewed") == std::accumulate(given.begin(), given.end(), 0));
  CHECK(given.back() == 0);
  CHECK(given.front() == 8);
}
