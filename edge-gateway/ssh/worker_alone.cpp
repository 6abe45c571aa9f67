#include "base/log/log.h"
#include "edge-gateway/ssh/worker.h"

int main() {
  sp::log::start("gateway-worker", sp::log::Level::info);
  return sp::edge_gateway::run_worker();
}
