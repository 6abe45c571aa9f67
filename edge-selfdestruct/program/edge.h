#pragma once
// The whole portal in one object, so that a test can start it without a process.

#include <memory>

#include "edge-selfdestruct/portal/portal.h"
#include "edge-selfdestruct/program/config.h"
#include "pushpull/host/commands.h"

namespace sp::edge_selfdestruct {

class Edge : public pushpull::RunningEdge {
 public:
  /// Opens the store, shreds what has to be shredded, listens on both ports. `clock` and `random`
  /// must outlive it.
  static Result<std::unique_ptr<Edge>> start(const Config& config, const Clock& clock,
                                             Random& random);
  ~Edge() override;  ///< lets running answers finish, then stops
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  [[nodiscard]] pushpull::Host& host() override { return *host_; }
  [[nodiscard]] Store& store() { return *store_; }

 private:
  Edge() = default;
  Outcome open(const Config& config, const Clock& clock, Random& random);
  pushpull::Guest guest(Random& random);

  // In this order: what stands below uses what stands above.
  std::unique_ptr<Store> store_;
  std::unique_ptr<Portal> portal_;
  std::unique_ptr<pushpull::Host> host_;
};

}  // namespace sp::edge_selfdestruct
