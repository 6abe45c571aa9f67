#include "edge-gateway/sandbox/sandbox.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>

#include "base/sandbox/filter.h"

namespace sp::edge_gateway {
namespace {

using sandbox::Filter;

// Reading, writing and waiting on what is open; memory; time; chance; an orderly end.
constexpr std::array allowed{SCMP_SYS(read),
                             SCMP_SYS(readv),
                             SCMP_SYS(recvfrom),
                             SCMP_SYS(recvmsg),
                             SCMP_SYS(write),
                             SCMP_SYS(writev),
                             SCMP_SYS(poll),
                             SCMP_SYS(ppoll),
                             SCMP_SYS(close),
                             SCMP_SYS(shutdown),
                             SCMP_SYS(getsockopt),
                             SCMP_SYS(brk),
                             SCMP_SYS(munmap),
                             SCMP_SYS(mremap),
                             SCMP_SYS(madvise),
                             SCMP_SYS(futex),
                             SCMP_SYS(sched_yield),
                             SCMP_SYS(clock_gettime),
                             SCMP_SYS(clock_nanosleep),
                             SCMP_SYS(gettimeofday),
                             SCMP_SYS(nanosleep),
                             SCMP_SYS(getrandom),
                             SCMP_SYS(getpid),
                             SCMP_SYS(gettid),
                             SCMP_SYS(rt_sigreturn),
                             SCMP_SYS(rt_sigaction),
                             SCMP_SYS(rt_sigprocmask),
                             SCMP_SYS(sigaltstack),
                             SCMP_SYS(restart_syscall),
                             SCMP_SYS(exit),
                             SCMP_SYS(exit_group)};

// Calls that are harmless with some arguments alone: a send without an address, memory that is not
// executable, the flags of an open file, a signal to ourselves (abort).
void allow_in_part(Filter& filter) {
  using sandbox::has_bits;
  using sandbox::is;
  filter.except(SCMP_SYS(sendto), {is(4, SCMP_CMP_EQ, 0)});
  filter.except(SCMP_SYS(mmap), {has_bits(2, PROT_EXEC, 0)});
  filter.except(SCMP_SYS(mprotect), {has_bits(2, PROT_EXEC, 0)});
  for (const scmp_datum_t flags :
       {scmp_datum_t{F_GETFL}, scmp_datum_t{F_SETFL}, scmp_datum_t{F_GETFD}})
    filter.except(SCMP_SYS(fcntl), {is(1, SCMP_CMP_EQ, flags)});
  filter.except(SCMP_SYS(tgkill), {is(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()))});
}

bool limit(int what, rlim_t most) {
  const rlimit value{most, most};
  return ::setrlimit(static_cast<__rlimit_resource_t>(what), &value) == 0;
}

// A sanitizer's shadow is larger than any limit that would be one.
bool limit_memory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  constexpr rlim_t most_memory = 256U << 20U;
  return limit(RLIMIT_AS, most_memory);
#endif
}

}  // namespace

Outcome enter_worker_sandbox(int last_fd) {
  const auto next = static_cast<unsigned>(last_fd + 1);
  const bool given_up = ::close_range(next, ~0U, 0) == 0 && limit(RLIMIT_NOFILE, next) &&
                        limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) && limit_memory();
  if (!given_up) return Error{Code::internal, "cannot give up files and processes"};
  TRY(sandbox::give_up_privileges());
  Filter filter{sandbox::Otherwise::denied};
  for (const int call : allowed) filter.except(call);
  allow_in_part(filter);
  return filter.load();
}

}  // namespace sp::edge_gateway
