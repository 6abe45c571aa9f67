#include "edge-gateway/sandbox/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <memory>

#if defined(__SANITIZE_ADDRESS__)
// The leak check at the end of a sanitized build traces the process, which the sandbox forbids.
extern "C" const char* __asan_default_options();   // NOLINT: the sanitizer's name
extern "C" const char* __asan_default_options() {  // NOLINT
  return "detect_leaks=0";
}
#endif

namespace sp::edge_gateway {
namespace {

struct ReleaseFilter {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

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

bool allow(const Filter& filter, int call) {
  return ::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
}
bool allow_if(const Filter& filter, int call, const scmp_arg_cmp& when) {
  return ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &when) == 0;
}
scmp_arg_cmp is(unsigned argument, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}
scmp_arg_cmp lacks(unsigned argument, scmp_datum_t bits) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = 0};
}

// Calls that are harmless with some arguments alone: a send without an address, memory that is not
// executable, the flags of an open file, a signal to ourselves (abort).
bool allow_in_part(const Filter& filter) {
  const auto self = static_cast<scmp_datum_t>(::getpid());
  return allow_if(filter, SCMP_SYS(sendto), is(4, 0)) &&
         allow_if(filter, SCMP_SYS(mmap), lacks(2, PROT_EXEC)) &&
         allow_if(filter, SCMP_SYS(mprotect), lacks(2, PROT_EXEC)) &&
         allow_if(filter, SCMP_SYS(fcntl), is(1, F_GETFL)) &&
         allow_if(filter, SCMP_SYS(fcntl), is(1, F_SETFL)) &&
         allow_if(filter, SCMP_SYS(fcntl), is(1, F_GETFD)) &&
         allow_if(filter, SCMP_SYS(tgkill), is(0, self));
}

Outcome load_filter() {
  const Filter filter{::seccomp_init(SCMP_ACT_ERRNO(EPERM))};
  bool added = filter != nullptr;
  for (const int call : allowed) added = added && allow(filter, call);
  added = added && allow_in_part(filter);
  if (!added || ::seccomp_load(filter.get()) != 0)
    return Error{Code::internal, "the kernel does not take the seccomp filter"};
  return {};
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
                        limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CORE, 0) &&
                        limit_memory() && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!given_up) return Error{Code::internal, "cannot give up files, processes and privileges"};
  return load_filter();
}

}  // namespace sp::edge_gateway
