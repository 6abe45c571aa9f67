#include "certs/acme/order.h"

#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "base/tls/certificate.h"
#include "certs/acme/prove.h"

namespace sp::acme {
namespace {

constexpr std::size_t most_alternates = 10;

bool same_names(std::vector<Host> a, std::vector<Host> b) {
  const auto order = [](const Host& x, const Host& y) { return x.text < y.text; };
  std::ranges::sort(a, order);
  std::ranges::sort(b, order);
  return a == b;
}

Outcome knows_profile(const Directory& directory, const std::string& profile) {
  if (profile.empty() || directory.profiles.empty()) return {};
  if (std::ranges::find(directory.profiles, profile) != directory.profiles.end()) return {};
  std::string all;
  for (const auto& one : directory.profiles) all += (all.empty() ? "" : ", ") + one;
  return Error{Code::invalid_input, "the CA has no profile " + profile + "; it has: " + all};
}

Result<Order> new_order(Session& session, const Account& account, OrderRequest wanted) {
  const auto directory = TRY(session.directory());
  TRY(knows_profile(directory, wanted.profile));
  if (directory.renewal_info.empty()) wanted.replaces.clear();
  auto answer = session.post(directory.new_order, new_order_payload(wanted), account.signer(),
                             "order the certificate");
  // RFC 9773 section 5: a certificate is replaced once; asking for it again must not make its names
  // unrenewable.
  if (!answer && answer.error().code() == Code::conflict && !wanted.replaces.empty()) {
    wanted.replaces.clear();
    answer = session.post(directory.new_order, new_order_payload(wanted), account.signer(),
                          "order the certificate");
  }
  const auto made = TRY(std::move(answer));
  auto order = TRY(decode_order(made.body));
  order.url = std::string{made.header("location")};
  TRY(parse_url(order.url).within("the order's address"));
  return order;
}

bool is_alive(const Order& order) {
  return order.status == Status::pending || order.status == Status::ready ||
         order.status == Status::processing || order.status == Status::valid;
}

// The order that an earlier run left, if it still serves.
Result<std::optional<Order>> left_over(Session& session, const Account& account,
                                       const Wanted& wanted, const std::optional<Pending>& left) {
  if (!left || left->url.empty() || left->directory != session.directory_url())
    return std::optional<Order>{};
  // Whatever is wrong with it, a new order is the way on.
  auto order = read_order(session, account, left->url);
  if (!order || !is_alive(*order) || !same_names(order->names, wanted.order.names))
    return std::optional<Order>{};
  return std::optional{*std::move(order)};
}

Error refused(const Order& order) {
  if (order.problem)
    return {Code::unavailable, error_of(*order.problem, "the CA refuses the order").detail()};
  return {Code::unavailable, "the CA has ended the order; run this again for a new one"};
}

Result<Order> wait_while(Status status, Session& session, const Account& account, Order order) {
  const auto look = [&]() -> Result<std::optional<Order>> {
    auto now = TRY(read_order(session, account, order.url));
    if (now.status == status) return std::optional<Order>{};
    return std::optional{std::move(now)};
  };
  return session.poll<Order>(look, "wait for the order");
}

// After a finalization that was sent, only the order knows what became of it: its answer may have
// been lost.
Result<Order> finalize(Session& session, const Account& account, Order order, BytesView csr) {
  auto sent = session.post(order.finalize, finalize_payload(csr), account.signer(),
                           "request the certificate");
  order = TRY(read_order(session, account, order.url));
  if (!sent && order.status == Status::ready) return std::move(sent).error();
  if (order.status == Status::processing)
    order = TRY(wait_while(Status::processing, session, account, std::move(order)));
  return order;
}

std::string common_name(const X509_NAME* name) {
  std::array<char, 256> out{};
  const int size = ::X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName,
                                               out.data(), static_cast<int>(out.size()));
  return size < 0 ? std::string{} : std::string{out.data()};
}

bool ends_under(std::string_view chain_pem, std::string_view root) {
  const auto chain = tls::parse_chain(chain_pem);
  if (!chain) return false;
  return common_name(::X509_get_issuer_name(chain->back().get())).find(root) != std::string::npos;
}

}  // namespace

Result<Order> read_order(Session& session, const Account& account, const std::string& url) {
  const auto answer = TRY(session.post(url, {}, account.signer(), "read the order"));
  auto order = TRY(decode_order(answer.body));
  order.url = url;
  return order;
}

Result<std::string> download(Session& session, const Account& account, const std::string& url,
                             std::string_view preferred_root) {
  constexpr std::string_view step = "fetch the certificate";
  auto first = TRY(session.post(url, {}, account.signer(), step));
  if (preferred_root.empty() || ends_under(first.body, preferred_root)) return first.body;
  auto others = first.links("alternate");
  if (others.size() > most_alternates) others.resize(most_alternates);
  for (const auto& other : others) {
    auto answer = TRY(session.post(other, {}, account.signer(), step));
    if (ends_under(answer.body, preferred_root)) return answer.body;
  }
  return first.body;
}

Result<std::string> obtain(Session& session, const Account& account, const Wanted& wanted,
                           const Solvers& solvers, Journal& journal) {
  const auto left = TRY(journal.load());
  auto found = TRY(left_over(session, account, wanted, left));
  auto order = found ? *std::move(found) : TRY(new_order(session, account, wanted.order));
  Pending pending{session.directory_url(), order.url, {}};
  if (left) pending.presented = left->presented;
  TRY(journal.save(pending));
  if (order.status == Status::pending) {
    if (auto proved = prove(session, account, order, solvers, pending, journal); !proved) {
      // A refused authorization ends its order: nothing to go on with.
      if (auto now = read_order(session, account, order.url); now && now->status == Status::invalid)
        TRY(journal.clear());
      return std::move(proved).error();
    }
    order = TRY(wait_while(Status::pending, session, account, std::move(order)));
  }
  // Those of a run that was killed after the CA had seen them.
  if (!pending.presented.empty()) take_away(solvers, pending, journal);
  if (order.status == Status::processing)
    order = TRY(wait_while(Status::processing, session, account, std::move(order)));
  if (order.status == Status::ready)
    order = TRY(finalize(session, account, std::move(order), wanted.csr));
  if (order.status != Status::valid || order.certificate.empty()) {
    TRY(journal.clear());
    return refused(order);
  }
  auto chain = TRY(download(session, account, order.certificate, wanted.preferred_root));
  TRY(tls::parse_chain(chain).within("the CA's certificate"));
  return chain;
}

}  // namespace sp::acme
