#pragma once
// Certificates that the core orders for its edges from a public CA (ACME, RFC 8555). An order says
// which names, from whom, and how it is proved that they are ours. Every edge of it makes a key of
// its own (docs/formats/certificates.md), so each has a certificate of its own: a leaf.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/acme/solver.h"
#include "core/access/access.h"
#include "core/edges/edge.h"
#include "core/orders/state.h"
#include "pushpull/items/certificates.h"

namespace sp::orders {

/// The parts of the core that every call here needs. All must outlive their user.
using Context = edges::Context;

/// Whom to ask, and as whom.
struct Ca {
  std::string directory;    ///< https://…
  std::string roots;        ///< PEM of whom the CA's own server is trusted by; empty: the system's
  std::string contact;      ///< a mail address; empty: none
  std::string profile;      ///< empty: the CA's own choice
  std::string external_id;  ///< of an account that the CA knows from elsewhere; empty: none
};

/// How the CA is shown that the names are ours.
struct Proof {
  acme::ChallengeKind kind = acme::ChallengeKind::http_01;  ///< http-01: every edge answers
  // dns-01: by dynamic update of a name server, or by a program on the core's machine.
  std::string name_server{};
  std::string zone{};  ///< empty: asked for
  std::vector<std::string> seen_by{};
  std::string hook{};  ///< a file in the folder of hooks
};

struct Order {
  std::string id;  ///< 22 characters of base64url
  Instant created_at{};
  std::vector<std::string> names;
  Ca ca;
  Proof proof;
};

struct NewOrder {
  std::vector<std::string> names;
  std::vector<std::string> edges;  ///< names or ids; empty: all whose address is among the names
  Ca ca;
  std::optional<Secret> external_key;  ///< base64url, as the CA gave it
  Proof proof;
  std::optional<Secret> dns_key;  ///< as tsig-keygen writes it, or NAME:BASE64
};

/// One edge's certificate of an order.
struct Leaf {
  std::string order, edge;
  State state = State::requesting;
  Instant since{};                 ///< in this state
  std::optional<Instant> look_at;  ///< when the worker is to see to it; none: the edge is awaited
  pushpull::OrderId wire{};        ///< its number on the wire
  std::int64_t seq = 0;            ///< of the item that was sent last
  Bytes csr;                       ///< DER; empty until the edge told it
  std::string pending;             ///< acme::Pending, as text; empty: none
  std::string chain;               ///< PEM; what the CA issued last
  std::string plan;                ///< acme::Plan, as text: when to renew
  std::string problem;             ///< of the last attempt, in the CA's or the edge's words
  unsigned failures = 0;           ///< in a row
  bool told = false;               ///< the administrators know that it fails
  std::optional<Instant> installed_at;
};

/// What is shown to people.
struct LeafView {
  std::string edge, edge_name;
  State state = State::requesting;
  Instant since{};
  std::string problem;
  unsigned failures = 0;
  std::optional<Instant> next;  ///< attempt or renewal
  std::optional<Instant> installed_at;
  std::string issuer;                ///< of what was issued last; empty: nothing yet
  std::optional<Instant> not_after;  ///< of the same
};
struct OrderView {
  Order order;
  State state = State::requesting;  ///< the one of its leaves that needs most attention
  std::vector<LeafView> leaves;
};

/// Which member is wrong, and what to do about it.
using Problem = edges::Problem;
struct Added {
  std::string id;                    ///< empty when there are problems
  std::vector<Problem> problems;     ///< nothing was written then
  std::vector<std::string> to_wake;  ///< edges whose links have something to send
};
/// Writes the order down and asks its edges for their requests.
Result<Added> add(const Context& context, const access::Permit& permit, const NewOrder& wanted);
/// The newest last.
Result<std::vector<OrderView>> list(store::Store& store);
Result<OrderView> find(store::Store& store, std::string_view id);

/// What edges show because it was ordered.
struct Shown {
  std::string edge;
  pushpull::Hash fingerprint{};
};
Result<std::vector<Shown>> shown(store::Store& store);

enum class Which : std::uint8_t {
  failed,   ///< those whose last attempt failed
  at_rest,  ///< also those that are installed: a renewal before its time
};
/// Tries again now. Gives the edges whose links have something to send; `conflict` when none was
/// to be tried.
Result<std::vector<std::string>> retry(const Context& context, const access::Permit& permit,
                                       std::string_view id, Which which);
/// Forgets the order. What the edges show stays there, and is renewed no more.
Outcome remove(const Context& context, const access::Permit& permit, std::string_view id);

}  // namespace sp::orders
