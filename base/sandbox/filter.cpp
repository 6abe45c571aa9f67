#include "base/sandbox/filter.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>

#if defined(__SANITIZE_ADDRESS__)
// The leak check at the end of a sanitized build traces the process, which the filters forbid.
extern "C" const char* __asan_default_options();   // NOLINT: the sanitizer's name
extern "C" const char* __asan_default_options() {  // NOLINT
  return "detect_leaks=0";
}
#endif

namespace sp::sandbox {
namespace {

constexpr std::uint32_t denied = SCMP_ACT_ERRNO(EPERM);

constexpr std::array ways_round{SCMP_SYS(ptrace),
                                SCMP_SYS(process_vm_readv),
                                SCMP_SYS(process_vm_writev),
                                SCMP_SYS(pidfd_getfd),
                                SCMP_SYS(io_uring_setup),
                                SCMP_SYS(io_uring_enter),
                                SCMP_SYS(io_uring_register),
                                SCMP_SYS(mount),
                                SCMP_SYS(umount2),
                                SCMP_SYS(pivot_root),
                                SCMP_SYS(chroot),
                                SCMP_SYS(setns),
                                SCMP_SYS(unshare),
                                SCMP_SYS(bpf),
                                SCMP_SYS(perf_event_open),
                                SCMP_SYS(userfaultfd),
                                SCMP_SYS(init_module),
                                SCMP_SYS(finit_module),
                                SCMP_SYS(delete_module),
                                SCMP_SYS(kexec_load),
                                SCMP_SYS(kexec_file_load),
                                SCMP_SYS(add_key),
                                SCMP_SYS(keyctl),
                                SCMP_SYS(request_key),
                                SCMP_SYS(swapon),
                                SCMP_SYS(reboot)};

}  // namespace

Filter::Filter(Otherwise otherwise)
    : filter_(::seccomp_init(otherwise == Otherwise::allowed ? SCMP_ACT_ALLOW : denied)),
      action_(otherwise == Otherwise::allowed ? denied : SCMP_ACT_ALLOW),
      added_(filter_ != nullptr) {}

void Filter::except(int call, const std::vector<scmp_arg_cmp>& when) {
  added_ = added_ && ::seccomp_rule_add_array(filter_.get(), action_, call,
                                              static_cast<unsigned>(when.size()), when.data()) == 0;
}

Outcome Filter::load() {
  added_ = added_ && ::seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  if (!added_ || ::seccomp_load(filter_.get()) != 0)
    return Error{Code::internal, "the kernel does not take the seccomp filter"};
  return {};
}

void deny_ways_round(Filter& filter) {
  for (const int call : ways_round) filter.except(call);
}

Outcome give_up_privileges() {
  const rlimit none{0, 0};
  const bool given_up = ::setrlimit(RLIMIT_CORE, &none) == 0 &&
                        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!given_up) return Error{Code::internal, "cannot give up core dumps and privileges"};
  return {};
}

}  // namespace sp::sandbox
