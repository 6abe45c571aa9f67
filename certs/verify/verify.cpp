#include "certs/verify/verify.h"

#include <openssl/x509v3.h>

#include <algorithm>

#include "certs/verify/path.h"
#include "certs/x509/pem.h"

namespace sp::certs::verify {
namespace {

void free_stack(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}
void free_crl_stack(STACK_OF(X509_CRL) * stack) {
  sk_X509_CRL_free(stack);
}
using Stack = openssl::Handle<STACK_OF(X509), free_stack>;
using CrlStack = openssl::Handle<STACK_OF(X509_CRL), free_crl_stack>;
using Store = openssl::Handle<X509_STORE, ::X509_STORE_free>;
using StoreCtx = openssl::Handle<X509_STORE_CTX, ::X509_STORE_CTX_free>;

/// At what OpenSSL errs on the strict side, though RFC 5280 does not ask for it.
bool is_forgiven(int error) {
  return error == X509_V_ERR_CA_CERT_MISSING_KEY_USAGE;
}

int judge_error(int good, X509_STORE_CTX* context) {
  if (good == 1 || !is_forgiven(::X509_STORE_CTX_get_error(context))) return good;
  ::X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

// X509_V_FLAG_NO_CHECK_TIME: OpenSSL takes the last second of a certificate for over, RFC 5280
// section 4.1.2.5 includes it; so dates are compared by our rules.
void set_parameters(X509_STORE_CTX* context, const Question& question) {
  auto* parameters = ::X509_STORE_CTX_get0_param(context);
  unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN |
                        X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_NO_CHECK_TIME;
  if (!question.crls.empty()) flags |= X509_V_FLAG_CRL_CHECK;
  ::X509_VERIFY_PARAM_set_flags(parameters, flags);
  ::X509_VERIFY_PARAM_set_auth_level(parameters, 2);
  ::X509_VERIFY_PARAM_set_purpose(parameters, question.purpose == Purpose::server
                                                  ? X509_PURPOSE_SSL_SERVER
                                                  : X509_PURPOSE_SSL_CLIENT);
}

/// OpenSSL's opinion of this one path; nothing when it has no objection.
std::optional<std::string> objection(Path path, const Question& question) {
  const Store store{::X509_STORE_new()};
  const Stack untrusted{sk_X509_new_null()};
  const CrlStack lists{sk_X509_CRL_new_null()};
  const StoreCtx context{::X509_STORE_CTX_new()};
  if (store == nullptr || untrusted == nullptr || lists == nullptr || context == nullptr)
    return "memory is out";
  ::X509_STORE_add_cert(store.get(), path.back()->x509.get());
  for (const auto* one : path.first(path.size() - 1))
    sk_X509_push(untrusted.get(), one->x509.get());
  for (const auto& list : question.crls) sk_X509_CRL_push(lists.get(), list.get());
  if (::X509_STORE_CTX_init(context.get(), store.get(), path.front()->x509.get(),
                            untrusted.get()) != 1)
    return "memory is out";
  ::X509_STORE_CTX_set0_crls(context.get(), lists.get());
  ::X509_STORE_CTX_set_verify_cb(context.get(), judge_error);
  set_parameters(context.get(), question);
  if (::X509_verify_cert(context.get()) == 1) return std::nullopt;
  const int error = ::X509_STORE_CTX_get_error(context.get());
  const int depth = ::X509_STORE_CTX_get_error_depth(context.get());
  static_cast<void>(openssl::failure("verify"));  // empties the queue
  const auto at = std::min(static_cast<std::size_t>(std::max(depth, 0)), path.size() - 1);
  return "OpenSSL refuses \"" + name_text(path[at]->view.subject) + "\" (" +
         ::X509_verify_cert_error_string(error) +
         "): have that certificate issued again without the fault";
}

std::string no_path(const Question& question, Search end) {
  if (end == Search::out_of_budget)
    return "there are too many possible paths to a trusted root: leave out the intermediates that "
           "are not needed";
  return "no path leads to a trusted root: \"" + name_text(question.leaf.view.subject) +
         "\" was issued by \"" + name_text(question.leaf.view.issuer) +
         "\"; add the missing intermediates to the chain, or the right root";
}

/// What can be said without any path.
std::optional<std::string> leaf_objection(const Question& question) {
  const auto& leaf = question.leaf.view;
  if (!question.host.empty() && !is_for_host(leaf, question.host))
    return "the certificate is not for " + question.host +
           " in its alternative names: get one that names it";
  for (const auto& mailbox : question.mailboxes)
    if (!std::ranges::any_of(leaf.names(GeneralName::email),
                             [&](const auto& name) { return mailbox_matches(name, mailbox); }))
      return "the certificate is not for " + mailbox + ": get one that names it";
  return std::nullopt;
}

std::vector<Certificate> readable(const std::vector<Bytes>& all, std::size_t from) {
  std::vector<Certificate> good;
  for (const auto& der : std::span{all}.subspan(from))
    if (auto one = Certificate::parse(der)) good.push_back(*std::move(one));
  return good;
}

}  // namespace

Result<Certificate> Certificate::parse(BytesView der) {
  auto view = TRY(View::parse(der));
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  openssl::Cert x509{::d2i_X509(nullptr, &data, static_cast<long>(der.size()))};
  if (x509 == nullptr)
    return openssl::failure("this is no certificate that OpenSSL reads", Code::invalid_input);
  return Certificate{std::move(x509), std::move(view)};
}

Result<Roots> roots_in(BytesView file) {
  const auto all = TRY(certificates_in(file));
  return Roots{std::make_shared<const std::vector<Certificate>>(readable(all, 0))};
}

Result<Question> question_of(const Files& files, Roots roots) {
  const auto chain = TRY(certificates_in(files.chain));
  if (chain.empty())
    return Error{Code::invalid_input, "the chain holds no certificate: give it as PEM, leaf first"};
  auto leaf = Certificate::parse(chain.front());
  if (!leaf)
    return Error{Code::corrupt, "the first certificate of the chain is malformed (" +
                                    leaf.error().detail() + "): have it issued again"};
  Question question{.leaf = *std::move(leaf),
                    .intermediates = readable(chain, 1),
                    .roots = std::move(roots),
                    .crls = {},
                    .host = {},
                    .mailboxes = {},
                    .at = {},
                    .max_depth = {}};
  for (const auto& der : TRY(pem_blocks(files.crls, {"X509 CRL"}))) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    question.crls.emplace_back(::d2i_X509_CRL(nullptr, &data, static_cast<long>(der.size())));
    if (question.crls.back() == nullptr)
      return openssl::failure("a revocation list does not parse", Code::invalid_input);
  }
  if (!files.crls.empty() && question.crls.empty())
    return Error{Code::invalid_input, "there is no revocation list in PEM where one was named"};
  return question;
}

Verdict judge(const Question& question, const PublicSuffixes& suffixes) {
  Verdict verdict;
  if (auto objected = leaf_objection(question)) {
    verdict.reason = *std::move(objected);
    return verdict;
  }
  const auto end = find_path(question, [&](Path path) {
    auto objected = broken_rule(path, question, suffixes);
    if (!objected) objected = objection(path, question);
    if (objected && !verdict.reason.empty()) return false;  // the first path's words are kept
    verdict.path.assign(path.begin(), path.end());
    verdict.reason = objected.value_or("a path to a trusted root holds");
    verdict.accepted = !objected;
    return verdict.accepted;
  });
  if (verdict.reason.empty()) verdict.reason = no_path(question, end);
  return verdict;
}

}  // namespace sp::certs::verify
