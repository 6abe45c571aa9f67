#include "edge-selfdestruct/program/sandbox.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <array>

#include "base/sandbox/filter.h"

namespace sp::edge_selfdestruct {
namespace {

using sandbox::Filter;

// Each is a way to reach out or to become another program. None is called by the portal.
constexpr std::array forbidden{SCMP_SYS(connect),    SCMP_SYS(execve),     SCMP_SYS(execveat),
                               SCMP_SYS(fork),       SCMP_SYS(vfork),      SCMP_SYS(sendmmsg),
                               SCMP_SYS(socketpair), SCMP_SYS(personality)};

// TCP alone, and no way to open it from our side: neither by an address nor by fast open.
void deny_sending_out(Filter& filter) {
  using sandbox::has_bits;
  using sandbox::is;
  using sandbox::socket_type_mask;
  filter.except(SCMP_SYS(sendto), {is(4, SCMP_CMP_NE, 0)});
  filter.except(SCMP_SYS(sendto), {has_bits(3, MSG_FASTOPEN, MSG_FASTOPEN)});
  filter.except(SCMP_SYS(sendmsg), {has_bits(2, MSG_FASTOPEN, MSG_FASTOPEN)});
  filter.except(SCMP_SYS(socket), {has_bits(1, socket_type_mask, SOCK_DGRAM)});
  filter.except(SCMP_SYS(socket), {has_bits(1, socket_type_mask, SOCK_RAW)});
  filter.except(SCMP_SYS(socket), {is(0, SCMP_CMP_EQ, AF_UNIX)});
  filter.except(SCMP_SYS(socket), {is(0, SCMP_CMP_EQ, AF_AX25)});
  filter.except(SCMP_SYS(socket), {is(0, SCMP_CMP_GT, AF_INET6)});
}

}  // namespace

Outcome enter_sandbox() {
  ::umask(077);
  TRY(sandbox::give_up_privileges());
  Filter filter{sandbox::Otherwise::allowed};
  sandbox::deny_ways_round(filter);
  for (const int call : forbidden) filter.except(call);
  deny_sending_out(filter);
  return filter.load();
}

}  // namespace sp::edge_selfdestruct
