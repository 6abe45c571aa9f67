#include "edge-gateway/program/confine.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

namespace sp::edge_gateway {
namespace {

struct ReleaseFilter {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

constexpr std::uint32_t denied = SCMP_ACT_ERRNO(EPERM);
constexpr scmp_datum_t socket_type_mask = 0xF;

// Each is a way to look into another process, to go round this filter, or to change the machine.
// None is called by the gateway or its workers.
constexpr std::array forbidden{SCMP_SYS(ptrace),
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

Outcome load_filter() {
  const Filter filter{::seccomp_init(SCMP_ACT_ALLOW)};
  bool added = filter != nullptr;
  for (const int call : forbidden)
    added = added && ::seccomp_rule_add(filter.get(), denied, call, 0) == 0;
  const scmp_arg_cmp raw{
      .arg = 1, .op = SCMP_CMP_MASKED_EQ, .datum_a = socket_type_mask, .datum_b = SOCK_RAW};
  // The system's resolver asks for the machine's addresses by a raw netlink socket.
  const scmp_arg_cmp not_netlink{.arg = 0, .op = SCMP_CMP_NE, .datum_a = AF_NETLINK, .datum_b = 0};
  const std::array both{not_netlink, raw};
  added = added && ::seccomp_rule_add_array(filter.get(), denied, SCMP_SYS(socket),
                                            static_cast<unsigned>(both.size()), both.data()) == 0;
  added = added && ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  if (!added || ::seccomp_load(filter.get()) != 0)
    return Error{Code::internal, "the kernel does not take the seccomp filter"};
  return {};
}

}  // namespace

Outcome confine() {
  ::umask(077);
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));  // a limit on files is an error, not an end
  const rlimit none{0, 0};
  const bool given_up = ::setrlimit(RLIMIT_CORE, &none) == 0 &&
                        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!given_up) return Error{Code::internal, "cannot give up core dumps and privileges"};
  return load_filter();
}

}  // namespace sp::edge_gateway
