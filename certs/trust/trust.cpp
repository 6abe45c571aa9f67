#include "certs/trust/trust.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/log/log.h"
#include "base/openssl/crypto.h"
#include "base/tls/certificate.h"
#include "certs/authority/make.h"
#include "certs/trust/stores.h"

namespace sp::certs {
namespace {

struct Named {
  Store store;
  std::string_view name;
};
constexpr std::array names{Named{Store::system, "system"}, Named{Store::nss, "nss"},
                           Named{Store::firefox, "firefox"}, Named{Store::java, "java"}};

Result<Anchor> read_anchor(const std::filesystem::path& file) {
  const auto content = TRY(config::read_file(file));
  const auto chain = TRY(tls::parse_chain(bytes::text(content)).within(file.string()));
  if (chain.size() != 1)
    return Error{Code::invalid_input, file.string() +
                                          " holds several certificates; name a file with the root "
                                          "alone (sallyport-certs ca export-root)"};
  const auto& one = *chain.front();
  const bool alone =
      ::X509_NAME_cmp(::X509_get_subject_name(&one), ::X509_get_issuer_name(&one)) == 0;
  if (::X509_check_ca(chain.front().get()) != 1 && !alone)
    return Error{Code::invalid_input,
                 file.string() + " is a server's certificate, not an authority's; name the root"};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::X509_digest(&one, ::EVP_sha256(), digest.data(), &size);
  const auto hex = bytes::hex(std::as_bytes(std::span{digest}.first(8)));
  return Anchor{std::filesystem::absolute(file), "sallyport-" + hex, pem_of(one)};
}

std::vector<Said> ask(Store store, Action action, const Anchor& anchor, const Places& places) {
  switch (store) {
    case Store::system:
      return system_store(action, anchor, places);
    case Store::nss:
      return nss_store(action, anchor, places);
    case Store::firefox:
      return firefox_store(action, anchor, places);
    case Store::java:
      break;
  }
  return java_store(action, anchor, places);
}

}  // namespace

std::string_view name(Store store) {
  return std::ranges::find(names, store, &Named::store)->name;
}

Result<std::vector<Store>> stores_named(std::string_view text) {
  std::vector<Store> all;
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    const auto word = text.substr(0, comma);
    const auto found = std::ranges::find(names, word, &Named::name);
    if (found == names.end())
      return Error{Code::invalid_input,
                   log::escaped(word) + " is no store; there are system, nss, firefox, java"};
    all.push_back(found->store);
    if (comma == text.size()) return all;
    text.remove_prefix(comma + 1);
  }
}

Result<std::vector<Said>> apply(Action action, const std::filesystem::path& file,
                                const std::vector<Store>& stores, const Places& places) {
  const auto anchor = TRY(read_anchor(file));
  std::vector<Said> all;
  for (const auto store : stores)
    for (auto& said : ask(store, action, anchor, places)) all.push_back(std::move(said));
  return all;
}

}  // namespace sp::certs
