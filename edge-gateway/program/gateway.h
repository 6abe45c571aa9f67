#pragma once
// The whole gateway in one object, so that a test can start it without a process.

#include <memory>

#include "edge-gateway/door/door.h"
#include "edge-gateway/program/config.h"
#include "pushpull/host/commands.h"

namespace sp::edge_gateway {

class Gateway : public pushpull::RunningEdge {
 public:
  /// Opens the ledger, ends what an earlier start left, listens on both ports. `clock` and `random`
  /// must outlive it.
  static Result<std::unique_ptr<Gateway>> start(const Config& config, const Clock& clock,
                                                Random& random);
  ~Gateway() override;  ///< ends all sessions as `restarted`, then stops
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  [[nodiscard]] pushpull::Host& host() override { return *host_; }

 private:
  explicit Gateway(const Config& config) : policy_(config.policy) {}
  Outcome open(const Config& config, const Clock& clock, Random& random);
  pushpull::Guest guest(Random& random);

  const TargetPolicy policy_;
  // In this order: what stands below uses what stands above.
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Roster> roster_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<pushpull::Host> host_;
};

}  // namespace sp::edge_gateway
