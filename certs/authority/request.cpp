#include "certs/authority/request.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/tls/request.h"

namespace sp::certs {
namespace {

using openssl::failure;
using Csr = openssl::Handle<X509_REQ, ::X509_REQ_free>;

void free_extensions(STACK_OF(X509_EXTENSION) * all) {
  sk_X509_EXTENSION_pop_free(all, ::X509_EXTENSION_free);
}
using Extensions = openssl::Handle<STACK_OF(X509_EXTENSION), free_extensions>;
using GeneralNames = openssl::Handle<GENERAL_NAMES, ::GENERAL_NAMES_free>;

Result<Host> host_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    const auto* data = ::ASN1_STRING_get0_data(name.d.dNSName);
    return Host::parse({reinterpret_cast<const char*>(data),
                        static_cast<std::size_t>(::ASN1_STRING_length(name.d.dNSName))});
  }
  if (name.type == GEN_IPADD)
    return Host::parse(
        address_text({::ASN1_STRING_get0_data(name.d.iPAddress),
                      static_cast<std::size_t>(::ASN1_STRING_length(name.d.iPAddress))}));
  return Error{Code::invalid_input,
               "the request names what is neither a DNS name nor an IP address; make one that asks "
               "for hosts alone"};
}

Result<std::vector<Host>> named_by(const X509_REQ& request) {
  const Extensions all{::X509_REQ_get_extensions(const_cast<X509_REQ*>(&request))};
  const GeneralNames names{static_cast<GENERAL_NAMES*>(
      ::X509V3_get_d2i(all.get(), NID_subject_alt_name, nullptr, nullptr))};
  std::vector<Host> hosts;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i)
    hosts.push_back(TRY(host_of(*sk_GENERAL_NAME_value(names.get(), i))));
  if (!hosts.empty()) return hosts;
  std::array<char, 256> name{};
  const int size = ::X509_NAME_get_text_by_NID(::X509_REQ_get_subject_name(&request),
                                               NID_commonName, name.data(), name.size());
  if (size > 0) hosts.push_back(TRY(Host::parse({name.data(), static_cast<std::size_t>(size)})));
  return hosts;
}

}  // namespace

Result<std::string> make_request(const std::vector<Host>& hosts, EVP_PKEY& key) {
  if (hosts.empty()) return Error{Code::invalid_input, "a request needs at least one host"};
  const auto request =
      TRY(tls::signing_request(common_name_of(hosts), alternative_names(hosts), key));
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  if (::PEM_write_bio_X509_REQ(out.get(), request.get()) != 1) return failure("write request");
  return std::string{content_of(out)};
}

Result<Request> parse_request(std::string_view pem) {
  const openssl::Bio in{::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  const Csr request{::PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr)};
  if (request == nullptr)
    return failure("this is not a certificate signing request in PEM", Code::invalid_input);
  Request parsed{openssl::Pkey{::X509_REQ_get_pubkey(request.get())}, {}};
  if (parsed.key == nullptr || ::X509_REQ_verify(request.get(), parsed.key.get()) != 1)
    return failure("the request is not signed by its own key", Code::invalid_input);
  parsed.hosts = TRY(named_by(*request));
  return parsed;
}

}  // namespace sp::certs
