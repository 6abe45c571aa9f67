#include <algorithm>

#include "base/log/log.h"
#include "core/edges/outbox.h"

namespace sp::edges {

bool SharedTraffic::takes(std::string_view kind) const {
  return std::ranges::any_of(features_, [&](const auto* feature) { return feature->takes(kind); });
}

Outcome SharedTraffic::settled(store::Transaction& transaction, std::string_view edge,
                               std::uint64_t first, std::uint64_t last,
                               std::span<const pushpull::Refused> refused) {
  for (auto* feature : features_) TRY(feature->settled(transaction, edge, first, last, refused));
  return {};
}

Outcome SharedTraffic::happened(store::Transaction& transaction, std::string_view edge,
                                const pushpull::Event& event) {
  for (auto* feature : features_)
    if (feature->takes(event.kind)) return feature->happened(transaction, edge, event);
  log::warning("event_passed_over",
               {{"edge", edge}, {"seq", event.seq}, {"kind", event.kind}, {"why", "unknown kind"}});
  return {};
}

Result<std::vector<pushpull::LiveMessage>> SharedTraffic::live(store::Transaction& transaction,
                                                               std::string_view edge) {
  std::vector<pushpull::LiveMessage> all;
  for (auto* feature : features_) {
    const auto some = TRY(feature->live(transaction, edge));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

Outcome SharedTraffic::enrolled(store::Transaction& transaction, std::string_view edge) {
  for (auto* feature : features_) TRY(feature->enrolled(transaction, edge));
  return {};
}

Outcome SharedTraffic::removed(store::Transaction& transaction, std::string_view edge) {
  for (auto* feature : features_) TRY(feature->removed(transaction, edge));
  return {};
}

Result<bool> SharedTraffic::vouches_for(store::Transaction& transaction, std::string_view edge,
                                        BytesView leaf) {
  for (auto* feature : features_)
    if (TRY(feature->vouches_for(transaction, edge, leaf))) return true;
  return false;
}

Result<Bytes> SharedTraffic::settings(store::Transaction& transaction) {
  return features_.front()->settings(transaction);
}

}  // namespace sp::edges
