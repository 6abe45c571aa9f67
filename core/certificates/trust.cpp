#include "core/certificates/trust.h"

#include <openssl/pem.h>

#include <algorithm>

#include "base/config/files.h"

namespace sp::certificates {
namespace {

// Signed by itself: an authority, or the single certificate of a site that has none.
bool is_root(X509* certificate) {
  const bool names_itself = ::X509_NAME_cmp(::X509_get_subject_name(certificate),
                                            ::X509_get_issuer_name(certificate)) == 0;
  const bool signed_itself =
      names_itself && ::X509_verify(certificate, ::X509_get0_pubkey(certificate)) == 1;
  static_cast<void>(openssl::failure("root"));  // empties the queue
  return signed_itself;
}

Result<std::string> pem_of(X509* certificate) {
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  if (out == nullptr || ::PEM_write_bio_X509(out.get(), certificate) != 1)
    return openssl::failure("write certificate");
  char* data = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &data));
  return std::string{data, size};
}

}  // namespace

Result<Root> read_root(const std::filesystem::path& path) {
  const auto text = TRY(config::read_file(path));
  const auto all = TRY(tls::parse_chain(bytes::text(text)).within(path.string()));
  const auto root =
      std::ranges::find_if(all, [](const openssl::Cert& one) { return is_root(one.get()); });
  if (root == all.end())
    return Error{Code::invalid_input,
                 path.string() +
                     " holds no root: name the self-signed certificate of the site's "
                     "authority in [certificates] site_ca"};
  return Root{TRY(pem_of(root->get())), tls::facts(**root)};
}

}  // namespace sp::certificates
