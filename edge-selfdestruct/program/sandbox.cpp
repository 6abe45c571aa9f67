#include "edge-selfdestruct/program/sandbox.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <memory>

#if defined(__SANITIZE_ADDRESS__)
// The leak check at the end of a sanitized build traces the process, which the sandbox forbids.
extern "C" const char* __asan_default_options();   // NOLINT: the sanitizer's name
extern "C" const char* __asan_default_options() {  // NOLINT
  return "detect_leaks=0";
}
#endif

namespace sp::edge_selfdestruct {
namespace {

struct ReleaseFilter {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

constexpr scmp_datum_t socket_type_mask = 0xF;
constexpr std::uint32_t denied = SCMP_ACT_ERRNO(EPERM);

// Each is a way to reach out, to become another program, to look into another process, or to go
// round this filter. None is called by the portal.
constexpr std::array forbidden{SCMP_SYS(connect),
                               SCMP_SYS(execve),
                               SCMP_SYS(execveat),
                               SCMP_SYS(fork),
                               SCMP_SYS(vfork),
                               SCMP_SYS(ptrace),
                               SCMP_SYS(process_vm_readv),
                               SCMP_SYS(process_vm_writev),
                               SCMP_SYS(io_uring_setup),
                               SCMP_SYS(io_uring_enter),
                               SCMP_SYS(io_uring_register),
                               SCMP_SYS(sendmmsg),
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
                               SCMP_SYS(socketpair),
                               SCMP_SYS(swapon),
                               SCMP_SYS(reboot),
                               SCMP_SYS(personality)};

bool deny(const Filter& filter, int call) {
  return ::seccomp_rule_add(filter.get(), denied, call, 0) == 0;
}
bool deny_if(const Filter& filter, int call, const scmp_arg_cmp& when) {
  return ::seccomp_rule_add_array(filter.get(), denied, call, 1, &when) == 0;
}

// Argument number `argument` compared with `value`.
scmp_arg_cmp is(unsigned argument, scmp_compare how, scmp_datum_t value) {
  return {.arg = argument, .op = how, .datum_a = value, .datum_b = 0};
}
// The bits of `mask` in it are those of `value`.
scmp_arg_cmp has_bits(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

// TCP alone, and no way to open it from our side: neither by an address nor by fast open.
bool deny_sending_out(const Filter& filter) {
  return deny_if(filter, SCMP_SYS(sendto), is(4, SCMP_CMP_NE, 0)) &&
         deny_if(filter, SCMP_SYS(sendto), has_bits(3, MSG_FASTOPEN, MSG_FASTOPEN)) &&
         deny_if(filter, SCMP_SYS(sendmsg), has_bits(2, MSG_FASTOPEN, MSG_FASTOPEN)) &&
         deny_if(filter, SCMP_SYS(socket), has_bits(1, socket_type_mask, SOCK_DGRAM)) &&
         deny_if(filter, SCMP_SYS(socket), has_bits(1, socket_type_mask, SOCK_RAW)) &&
         deny_if(filter, SCMP_SYS(socket), is(0, SCMP_CMP_EQ, AF_UNIX)) &&
         deny_if(filter, SCMP_SYS(socket), is(0, SCMP_CMP_EQ, AF_AX25)) &&
         deny_if(filter, SCMP_SYS(socket), is(0, SCMP_CMP_GT, AF_INET6));
}

Outcome load_filter() {
  const Filter filter{::seccomp_init(SCMP_ACT_ALLOW)};
  bool added = filter != nullptr;
  for (const int call : forbidden) added = added && deny(filter, call);
  added = added && deny_sending_out(filter);
  added = added && ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  if (!added || ::seccomp_load(filter.get()) != 0)
    return Error{Code::internal, "the kernel does not take the seccomp filter"};
  return {};
}

}  // namespace

Outcome enter_sandbox() {
  ::umask(077);
  const rlimit none{0, 0};
  const bool given_up = ::setrlimit(RLIMIT_CORE, &none) == 0 &&
                        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!given_up) return Error{Code::internal, "cannot give up core dumps and privileges"};
  return load_filter();
}

}  // namespace sp::edge_selfdestruct
