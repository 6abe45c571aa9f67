#pragma once
// What a process gives up for good. The rules are its own: edge-selfdestruct/program/sandbox,
// edge-gateway/program/confine, edge-gateway/sandbox.

#include <seccomp.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result/result.h"

namespace sp::sandbox {

/// What becomes of a call that no rule names. A denied call fails with EPERM.
enum class Otherwise : std::uint8_t { allowed, denied };

/// A seccomp filter. A rule that the kernel's library does not take makes `load` fail.
class Filter {
 public:
  explicit Filter(Otherwise otherwise);

  /// The contrary of `otherwise` for this call; with conditions, where all of them hold.
  void except(int call, const std::vector<scmp_arg_cmp>& when = {});
  /// On every thread of the process, and on what they start.
  Outcome load();

 private:
  struct Release {
    void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
  };
  std::unique_ptr<void, Release> filter_;
  std::uint32_t action_;
  bool added_;
};

/// Argument number `argument` compared with `value`.
constexpr scmp_arg_cmp is(unsigned argument, scmp_compare how, scmp_datum_t value) {
  return {.arg = argument, .op = how, .datum_a = value, .datum_b = 0};
}
/// The bits of `mask` in it are those of `value`.
constexpr scmp_arg_cmp has_bits(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}
/// The type of a socket without its flags, for `has_bits`.
inline constexpr scmp_datum_t socket_type_mask = 0xF;

/// For a filter that allows otherwise: denies each way to look into another process, to go round
/// the filter, or to change the machine. No program of ours needs one.
void deny_ways_round(Filter& filter);

/// No core dump, no new privileges, and no other process of its user may look in.
Outcome give_up_privileges();

}  // namespace sp::sandbox
