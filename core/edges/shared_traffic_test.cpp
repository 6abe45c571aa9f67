#include "base/testing/catch.h"
#include "core/edges/outbox.h"
#include "core/store/testing/fresh_store.h"

namespace sp::edges {
namespace {

// Takes the kinds that begin with its name, and notes what it was told.
class Feature final : public Traffic {
 public:
  explicit Feature(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] bool takes(std::string_view kind) const override {
    return kind.starts_with(name_ + ".");
  }
  Outcome settled(store::Transaction&, std::string_view, std::uint64_t first, std::uint64_t last,
                  std::span<const pushpull::Refused>) override {
    told.push_back("settled " + std::to_string(first) + " to " + std::to_string(last));
    return {};
  }
  Outcome happened(store::Transaction&, std::string_view, const pushpull::Event& event) override {
    told.push_back(event.kind);
    return {};
  }
  Result<std::vector<pushpull::LiveMessage>> live(store::Transaction&, std::string_view) override {
    return std::vector<pushpull::LiveMessage>(1);
  }
  Outcome removed(store::Transaction&, std::string_view) override {
    told.emplace_back("removed");
    return {};
  }
  Result<Bytes> settings(store::Transaction&) override { return bytes::copy(bytes::of(name_)); }

  std::vector<std::string> told;

 private:
  std::string name_;
};

using Told = std::vector<std::string>;

pushpull::Event event_of(std::string kind) {
  pushpull::Event event;
  event.kind = std::move(kind);
  return event;
}

TEST_CASE("each feature of a link is told what concerns it", "[core][promise-6]") {
  store::testing::FreshStore fresh{store::Engine::sqlite};
  Feature a{"a"}, b{"b"};
  SharedTraffic shared{{&a, &b}};

  const auto done = fresh.store().write([&](store::Transaction& transaction) -> Outcome {
    TRY(shared.settled(transaction, "edge", 3, 4, {}));
    TRY(shared.happened(transaction, "edge", event_of("b.x")));
    TRY(shared.happened(transaction, "edge", event_of("c.x")));
    const auto live = TRY(shared.live(transaction, "edge"));
    CHECK(live.size() == 2);
    const auto settings = TRY(shared.settings(transaction));
    CHECK(bytes::text(settings) == "a");
    return shared.removed(transaction, "edge");
  });

  REQUIRE(done);
  CHECK(a.told == Told{"settled 3 to 4", "removed"});
  CHECK(b.told == Told{"settled 3 to 4", "b.x", "removed"});
  CHECK_FALSE(shared.takes("c.x"));
}

}  // namespace
}  // namespace sp::edges
