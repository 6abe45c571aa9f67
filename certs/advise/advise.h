#pragma once
// Which of the three kinds of certificate fits, and why. Pure: the command asks on the terminal,
// the web site in a form, and both get the same answer.

#include <string>
#include <string_view>
#include <vector>

#include "certs/authority/host.h"

namespace sp::certs {

enum class Kind : std::uint8_t { self_signed, internal, online };
/// "self-signed", "internal CA", "public CA".
std::string_view name(Kind kind);

/// What was asked. The defaults are the smallest case: a few people on one network.
struct Situation {
  bool from_outside = false;       ///< somebody opens a page from outside of the network
  bool unmanaged_devices = false;  ///< machines or phones that are in no domain
  bool domain_joined = false;      ///< this server is a member of a Windows domain
  bool has_internal_ca = false;    ///< AD CS or another one stands already
  bool few_users = true;           ///< so few that each machine can be visited once
  unsigned other_servers = 0;      ///< portal, gateway, app server on web servers of their own
  unsigned remote_sites = 0;       ///< networks of clients that are reached over the internet
  std::vector<Host> hosts;         ///< what the certificate shall name, where that is known
};

enum class Wildcard : std::uint8_t { no, useful, required };
std::string_view name(Wildcard wildcard);

struct Advice {
  Kind kind = Kind::self_signed;
  Wildcard wildcard = Wildcard::no;
  std::vector<std::string> reasons;   ///< a sentence each, the decisive one first
  std::vector<std::string> problems;  ///< what stands against it, and what to do about that
  std::vector<std::string> commands;  ///< what to type, in order
};
Advice advise(const Situation& situation);

/// What is good and what is bad about a kind, for the one who would rather choose.
struct Comparison {
  Kind kind;
  std::vector<std::string_view> advantages;
  std::vector<std::string_view> disadvantages;
};
const std::vector<Comparison>& comparisons();

}  // namespace sp::certs
