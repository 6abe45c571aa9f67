#include "edge-gateway/program/confine.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>

#include "base/sandbox/filter.h"

namespace sp::edge_gateway {

Outcome confine() {
  using sandbox::has_bits;
  using sandbox::is;
  ::umask(077);
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));  // a limit on files is an error, not an end
  TRY(sandbox::give_up_privileges());
  sandbox::Filter filter{sandbox::Otherwise::allowed};
  sandbox::deny_ways_round(filter);
  // The system's resolver asks for the machine's addresses by a raw netlink socket.
  filter.except(SCMP_SYS(socket),
                {is(0, SCMP_CMP_NE, AF_NETLINK), has_bits(1, sandbox::socket_type_mask, SOCK_RAW)});
  return filter.load();
}

}  // namespace sp::edge_gateway
