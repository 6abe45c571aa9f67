#pragma once
// What edges tell of the certificates that are ordered for them.

#include "core/edges/outbox.h"
#include "core/orders/bell.h"
#include "core/orders/order.h"

namespace sp::orders {

/// Moves the leaves, in the transaction that also moves the link's numbers, and rings when there is
/// something for the worker.
class OrderTraffic final : public edges::Traffic {
 public:
  OrderTraffic(const Context& context, Bell& bell) : context_(context), bell_(bell) {}

  [[nodiscard]] bool takes(std::string_view kind) const override {
    return kind.starts_with("certificate.");
  }
  Outcome settled(store::Transaction& transaction, std::string_view edge, std::uint64_t first,
                  std::uint64_t last, std::span<const pushpull::Refused> refused) override;
  Outcome happened(store::Transaction& transaction, std::string_view edge,
                   const pushpull::Event& event) override;
  Result<std::vector<pushpull::LiveMessage>> live(store::Transaction& transaction,
                                                  std::string_view edge) override;
  Outcome removed(store::Transaction& transaction, std::string_view edge) override;
  Result<Bytes> settings(store::Transaction& transaction) override;

 private:
  Outcome requested(store::Transaction& transaction, Leaf& leaf, Bytes csr);
  Outcome installed(store::Transaction& transaction, Leaf& leaf, const pushpull::Hash& fingerprint);
  Outcome refused(store::Transaction& transaction, Leaf& leaf, std::string_view code);
  Outcome note(store::Transaction& transaction, audit::Event event, const Leaf& leaf,
               audit::Details details);
  void ring(store::Transaction& transaction);

  Context context_;
  Bell& bell_;
};

}  // namespace sp::orders
