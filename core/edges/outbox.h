#pragma once
// One edge's outbox and inbox in the core's database, for its link.

#include <functional>
#include <string>

#include "core/edges/edge.h"
#include "pushpull/outbox/outbox.h"

namespace sp::edges {

/// What the features make of what an edge did. Called inside the outbox's transactions, so that a
/// number moves together with what it stands for.
class Traffic {
 public:
  virtual ~Traffic() = default;
  /// Whether events of this kind are for this feature.
  [[nodiscard]] virtual bool takes(std::string_view kind) const = 0;
  /// Items `first` to `last` are settled; those in `refused` were not applied.
  virtual Outcome settled(store::Transaction& transaction, std::string_view edge,
                          std::uint64_t first, std::uint64_t last,
                          std::span<const pushpull::Refused> refused) = 0;
  /// An event that was not seen before. Fails only when the database does: what makes no sense is
  /// recorded and passed over.
  virtual Outcome happened(store::Transaction& transaction, std::string_view edge,
                           const pushpull::Event& event) = 0;
  /// What should live there now.
  virtual Result<std::vector<pushpull::LiveMessage>> live(store::Transaction& transaction,
                                                          std::string_view edge) = 0;
  /// The edge was reached for the first time.
  virtual Outcome enrolled(store::Transaction& /*transaction*/, std::string_view /*edge*/) {
    return {};
  }
  /// The edge is gone for good: what lived there is lost.
  virtual Outcome removed(store::Transaction& transaction, std::string_view edge) = 0;
  /// Whether this certificate (DER), which the edge shows with a key that is not its pin, was made
  /// for it by this core.
  virtual Result<bool> vouches_for(store::Transaction& /*transaction*/, std::string_view /*edge*/,
                                   BytesView /*leaf*/) {
    return false;
  }
  /// The body of a fresh settings.put.
  virtual Result<Bytes> settings(store::Transaction& transaction) = 0;
};

/// Several features on one link. Numbers, resync and removal concern them all; an event goes to the
/// one that takes its kind; the first gives the settings. The features must outlive it.
class SharedTraffic final : public Traffic {
 public:
  explicit SharedTraffic(std::vector<Traffic*> features) : features_(std::move(features)) {}
  [[nodiscard]] bool takes(std::string_view kind) const override;
  Outcome settled(store::Transaction& transaction, std::string_view edge, std::uint64_t first,
                  std::uint64_t last, std::span<const pushpull::Refused> refused) override;
  Outcome happened(store::Transaction& transaction, std::string_view edge,
                   const pushpull::Event& event) override;
  Result<std::vector<pushpull::LiveMessage>> live(store::Transaction& transaction,
                                                  std::string_view edge) override;
  Outcome enrolled(store::Transaction& transaction, std::string_view edge) override;
  Outcome removed(store::Transaction& transaction, std::string_view edge) override;
  Result<bool> vouches_for(store::Transaction& transaction, std::string_view edge,
                           BytesView leaf) override;
  Result<Bytes> settings(store::Transaction& transaction) override;

 private:
  std::vector<Traffic*> features_;
};

/// Safe from the link's two threads: it holds nothing but references.
class EdgeOutbox final : public pushpull::Outbox {
 public:
  EdgeOutbox(const Context& context, Traffic& traffic, std::string edge)
      : context_(context), traffic_(traffic), edge_(std::move(edge)) {}

  Result<pushpull::LinkKeys> keys() override;
  Outcome save(const pushpull::LinkKeys& keys) override;
  Result<bool> vouches_for(const pushpull::Pin& shown, BytesView leaf) override;
  Result<pushpull::LinkNumbers> numbers() override;
  Result<std::vector<pushpull::Item>> next(std::uint64_t after, std::size_t most_items,
                                           std::size_t most_bytes) override;
  Outcome sending(std::uint64_t upto) override;
  Outcome acknowledged(std::uint64_t applied, std::span<const pushpull::Refused> refused) override;
  Outcome store_events(std::span<const pushpull::Event> events, std::uint64_t cursor) override;
  Outcome begin_resync(const pushpull::Epoch& core_epoch, std::uint64_t settled) override;
  Result<std::vector<pushpull::LiveMessage>> live() override;
  Outcome end_resync(const pushpull::Epoch& edge_epoch) override;
  Result<std::uint64_t> waiting() override;

 private:
  Outcome settle(store::Transaction& transaction, std::uint64_t applied,
                 std::span<const pushpull::Refused> refused);
  Context context_;
  Traffic& traffic_;
  std::string edge_;
};

/// The edge's TLS key is this one from now on.
Outcome take_pin(const Context& context, store::Transaction& transaction, std::string_view edge,
                 const pushpull::Pin& pin);

/// Queues settings.put with what `Traffic::settings` gives.
Outcome queue_settings(const Context& context, store::Transaction& transaction, Traffic& traffic,
                       std::string_view edge);

}  // namespace sp::edges
