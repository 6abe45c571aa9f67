#include "pushpull/link/internal/words.h"

#include <cerrno>

namespace sp::pushpull::internal {
namespace {

std::string name_of(const Place& place) {
  const bool ipv6 = place.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + place.host + "]" : place.host) + ":" + place.port;
}

}  // namespace

std::string name_not_found(const Place& place) {
  return "the name " + place.host + " was not found. Is the edge's intake address right?";
}

std::string not_connected(const Place& place, int system_error) {
  switch (system_error) {
    case ECONNREFUSED:
      return "nothing listens at " + name_of(place) +
             ". Is the edge running, and is its intake address right?";
    case ETIMEDOUT:
      return never_connected(place);
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "there is no way to " + name_of(place) +
             " from the core. Check the network and its firewalls.";
    case ECONNRESET:
      return cut(place, {});
    default:
      return "could not connect to " + name_of(place) + " (error " + std::to_string(system_error) +
             "). Check the core's machine.";
  }
}

std::string never_connected(const Place& place) {
  return "no answer from " + name_of(place) +
         ". Does a firewall allow the core to connect, and is the edge's machine running?";
}

std::string silent(const Place& place) {
  return "the edge at " + name_of(place) + " did not answer in time. Is its machine overloaded?";
}

std::string no_tls(const Place& place, const std::string& cause) {
  return "no TLS 1.3 with " + name_of(place) + " (" + cause +
         "). Is this the edge's intake, and not another program?";
}

std::string cut(const Place& place, const std::string& cause) {
  const auto numbers = cause.empty() ? std::string{} : " (" + cause + ")";
  return name_of(place) + " ended the connection" + numbers +
         ". If this stays, look into the edge's log.";
}

std::string other_tls_key() {
  return "the edge shows another TLS key than the one that this core knows, and no identity of its "
         "own. If nobody changed its certificate or set it back, somebody may be in between";
}

}  // namespace sp::pushpull::internal
