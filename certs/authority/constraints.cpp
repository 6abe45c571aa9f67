#include "certs/authority/constraints.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/log/log.h"

namespace sp::certs {
namespace {

using NameConstraints = openssl::Handle<NAME_CONSTRAINTS, ::NAME_CONSTRAINTS_free>;

// RFC 6761 section 6.4: nobody has names there, so permitting it alone permits none.
constexpr std::string_view nobody = "invalid";

std::array<std::uint8_t, 16> mask_of(unsigned prefix) {
  std::array<std::uint8_t, 16> mask{};
  for (unsigned bit = 0; bit < prefix; ++bit)
    mask[bit / 8] = static_cast<std::uint8_t>(mask[bit / 8] | (0x80U >> (bit % 8)));
  return mask;
}

/// The prefix that `mask` is, if it is one.
std::optional<unsigned> prefix_of(std::span<const std::uint8_t> mask) {
  for (unsigned prefix = 0; prefix <= mask.size() * 8; ++prefix) {
    const auto wanted = mask_of(prefix);
    if (std::ranges::equal(mask, std::span{wanted}.first(mask.size()))) return prefix;
  }
  return std::nullopt;
}

bool is_within(std::string_view name, std::string_view domain) {
  return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

std::span<const std::uint8_t> bytes_of(const ASN1_STRING* text) {
  return {::ASN1_STRING_get0_data(text), static_cast<std::size_t>(::ASN1_STRING_length(text))};
}

Result<Range> range_of(std::span<const std::uint8_t> stated) {
  const auto half = stated.size() / 2;
  const auto prefix = prefix_of(stated.subspan(half));
  if ((stated.size() != 8 && stated.size() != 32) || !prefix)
    return Error{Code::corrupt, "the authority's certificate states a network that is none"};
  Range range{.size = half, .prefix = *prefix};
  std::ranges::copy(stated.first(half), range.address.begin());
  return range;
}

std::string stated(const Range& range, std::string_view how) {
  const auto mask = mask_of(range.prefix);
  return "," + std::string{how} + ";IP:" + address_text({range.address.data(), range.size}) + "/" +
         address_text({mask.data(), range.size});
}

bool has_family(const std::vector<Range>& ranges, std::size_t size) {
  return std::ranges::any_of(ranges, [&](const Range& range) { return range.size == size; });
}

template <class T>
void add(std::vector<T>& all, T one) {
  if (std::ranges::find(all, one) == all.end()) all.push_back(std::move(one));
}

}  // namespace

Result<Range> Range::parse(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  Range range;
  const std::string address{text.substr(0, slash)};
  if (::inet_pton(AF_INET, address.c_str(), range.address.data()) == 1)
    range.size = 4;
  else if (::inet_pton(AF_INET6, address.c_str(), range.address.data()) == 1)
    range.size = 16;
  else
    return Error{Code::invalid_input, log::escaped(text) + " is not a network; write 10.0.0.0/8"};
  range.prefix = static_cast<unsigned>(range.size * 8);
  if (slash < text.size()) {
    const auto digits = text.substr(slash + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), range.prefix);
    if (error != std::errc{} || end != digits.data() + digits.size() ||
        range.prefix > range.size * 8)
      return Error{Code::invalid_input,
                   log::escaped(text) + " is not a network; after the slash stand its bits"};
  }
  const auto mask = mask_of(range.prefix);
  for (std::size_t i = 0; i < range.size; ++i)
    if ((range.address[i] & ~mask[i]) != 0)
      return Error{
          Code::invalid_input,
          log::escaped(text) + " has bits set beyond its prefix; write the network itself"};
  return range;
}

bool Range::covers(std::string_view host) const {
  std::array<std::uint8_t, 16> wanted{};
  if (::inet_pton(size == 4 ? AF_INET : AF_INET6, std::string{host}.c_str(), wanted.data()) != 1)
    return false;
  const auto mask = mask_of(prefix);
  for (std::size_t i = 0; i < size; ++i)
    if ((wanted[i] & mask[i]) != address[i]) return false;
  return true;
}

std::string Range::text() const {
  return address_text({address.data(), size}) + "/" + std::to_string(prefix);
}

Result<Constraints> Constraints::parse(const std::vector<std::string>& permitted) {
  Constraints all;
  for (const auto& one : permitted) {
    if (const auto range = Range::parse(one)) {
      add(all.addresses, *range);
      continue;
    }
    if (one.find('/') != std::string::npos) return Range::parse(one).error();
    // Not by TRY: what g++ 12 makes of it with -O2 seems uninitialised to it.
    const auto host = Host::parse(one);
    if (!host) return host.error();
    add(all.dns, std::string{host->base()});
  }
  return all;
}

Constraints Constraints::of_hosts(const std::vector<Host>& hosts) {
  Constraints all;
  for (const auto& host : hosts) {
    if (host.kind == Host::Kind::dns)
      add(all.dns, std::string{host.base()});
    else if (const auto range = Range::parse(host.text))
      add(all.addresses, *range);
  }
  return all;
}

Constraints Constraints::inside_only() {
  auto all = *parse({"localhost", "local", "internal", "home.arpa", "lan", "test", "127.0.0.0/8",
                     "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1",
                     "fc00::/7", "fe80::/10"});
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return all;
  const auto host = Host::parse(name.data());
  if (!host || host->kind != Host::Kind::dns) return all;
  const auto dot = host->text.find('.');
  // "core.example.com" stands for its domain; a name of two labels for itself alone.
  const bool has_domain =
      dot != std::string::npos && host->text.find('.', dot + 1) != std::string::npos;
  add(all.dns, has_domain ? host->text.substr(dot + 1) : host->text);
  return all;
}

Result<Constraints> Constraints::of(const X509& certificate) {
  const NameConstraints stated{static_cast<NAME_CONSTRAINTS*>(
      ::X509_get_ext_d2i(&certificate, NID_name_constraints, nullptr, nullptr))};
  if (stated == nullptr) return Constraints{.any = true};
  Constraints all;
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(stated->permittedSubtrees); ++i) {
    const auto* name = sk_GENERAL_SUBTREE_value(stated->permittedSubtrees, i)->base;
    if (name->type == GEN_DNS) {
      const auto text = bytes_of(name->d.dNSName);
      all.dns.emplace_back(text.begin(), text.end());
    }
    if (name->type == GEN_IPADD)
      all.addresses.push_back(TRY(range_of(bytes_of(name->d.iPAddress))));
  }
  std::erase(all.dns, nobody);
  return all;
}

Outcome Constraints::permits(const Host& host) const {
  const bool inside =
      any || (host.kind == Host::Kind::dns
                  ? std::ranges::any_of(
                        dns, [&](const auto& domain) { return is_within(host.base(), domain); })
                  : std::ranges::any_of(
                        addresses, [&](const Range& range) { return range.covers(host.text); }));
  if (inside) return {};
  return Error{Code::forbidden, host.text + " is outside of what this authority may sign (" +
                                    text() + "), so clients would refuse the certificate"};
}

std::string Constraints::text() const {
  if (any) return "any name";
  std::string all;
  for (const auto& domain : dns) all += (all.empty() ? "" : ", ") + domain + " and below";
  for (const auto& range : addresses) all += (all.empty() ? "" : ", ") + range.text();
  return all.empty() ? "no name" : all;
}

std::string Constraints::extension() const {
  if (any) return "";
  std::string all = "critical";
  for (const auto& domain : dns) all += ",permitted;DNS:" + domain;
  if (dns.empty()) all += ",permitted;DNS:" + std::string{nobody};
  for (const auto& range : addresses) all += stated(range, "permitted");
  // A family without a permitted network is excluded by name: not every client carries a limit from
  // one family over to the other.
  if (!has_family(addresses, 4)) all += stated(Range{.size = 4}, "excluded");
  if (!has_family(addresses, 16)) all += stated(Range{.size = 16}, "excluded");
  return all + ",permitted;email:" + std::string{nobody};
}

}  // namespace sp::certs
