#include "certs/authority/authority.h"

#include <openssl/x509v3.h>

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/tls/certificate.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;
using openssl::failure;

std::string common_name(const X509& certificate) {
  std::array<char, 256> out{};
  const int size = ::X509_NAME_get_text_by_NID(::X509_get_subject_name(&certificate),
                                               NID_commonName, out.data(), out.size());
  return size > 0 ? std::string{out.data(), static_cast<std::size_t>(size)} : "";
}

Result<Signer> new_root(const NewAuthority& wanted, Instant now, Random& random) {
  Signer root;
  root.key = TRY(new_key(wanted.key));
  // Below a root stand its intermediate, and one day the successor that it signs.
  const int below = wanted.single_use ? 0 : wanted.with_intermediate ? 2 : 1;
  const auto life = TRY(validity(rules(Profile::root), now, wanted.life, false, {}));
  const Spec spec{.profile = Profile::root,
                  .common_name = wanted.name,
                  .hosts = {},
                  .uri = {},
                  .validity = life,
                  .path_length = below,
                  .constraints = wanted.constraints};
  root.certificate = TRY(make_certificate(spec, *root.key, nullptr, root.key.get(), random));
  return root;
}

Result<Signer> new_intermediate(const Signer& root, Instant now, Random& random) {
  if (root.key == nullptr)
    return Error{Code::not_found,
                 "the root's key is put away; bring ca.key back for this step, and name its "
                 "password file if it is encrypted"};
  const auto end = tls::not_after(*root.certificate);
  const auto name = common_name(*root.certificate);
  Signer made;
  made.key = TRY(new_key(KeyKind::p256));
  const auto life = TRY(validity(rules(Profile::intermediate), now, {}, false, end));
  const Spec spec{.profile = Profile::intermediate,
                  .common_name = name.substr(0, 64 - 13) + " intermediate",
                  .hosts = {},
                  .uri = {},
                  .validity = life,
                  .path_length = 0,
                  .constraints = {.any = true}};  // the root's hold for it
  made.certificate = TRY(make_certificate(spec, *made.key, &root, root.key.get(), random));
  return made;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

Outcome refuse_existing(const fs::path& path) {
  if (!is_there(path)) return {};
  return Error{Code::conflict, path.string() + " is there already"};
}

Result<openssl::Cert> load_certificate(const fs::path& path) {
  const auto pem = TRY(config::read_file(path));
  return tls::parse_certificate(bytes::text(pem)).within(path.string());
}

Result<Signer> load_signer(const fs::path& certificate, const fs::path& key,
                           const Secret& password) {
  Signer signer;
  signer.certificate = TRY(load_certificate(certificate));
  const auto secret = TRY(config::read_secret_file(key));
  signer.key = TRY(parse_key(secret, password).within(key.string()));
  if (::X509_check_private_key(signer.certificate.get(), signer.key.get()) != 1)
    return failure(
        key.string() + " does not belong to " + certificate.filename().string() + " beside it",
        Code::invalid_input);
  if (::X509_check_ca(signer.certificate.get()) != 1)
    return Error{Code::invalid_input, certificate.string() + " is not an authority's"};
  return signer;
}

Outcome save_certificate(const fs::path& path, const X509& certificate) {
  return config::write_file(path, bytes::of(pem_of(certificate)), 0644);
}

Outcome save_signer(const fs::path& folder, std::string_view name, const Signer& signer,
                    const Secret& password) {
  const auto key = TRY(pem_of(*signer.key, password));
  TRY(config::write_file(folder / (std::string{name} + ".key"), key.expose(), 0600));
  return save_certificate(folder / (std::string{name} + ".crt"), *signer.certificate);
}

Outcome check_key(const EVP_PKEY& key) {
  const int bits = ::EVP_PKEY_get_bits(&key);
  const int kind = ::EVP_PKEY_get_base_id(&key);
  if (kind == EVP_PKEY_RSA && bits >= 2048 && bits <= 8192 && bits % 8 == 0) return {};
  if (kind == EVP_PKEY_EC && (bits == 256 || bits == 384 || bits == 521)) return {};
  return Error{
      Code::invalid_input,
      "browsers refuse such a key; use ECDSA P-256, P-384 or P-521, or RSA from 2048 bits"};
}

Outcome check_wish(const Wish& wish) {
  const auto& what = rules(wish.profile);
  if (what.authority)
    return Error{Code::invalid_input, "an authority is made by: sallyport-certs ca init"};
  if (wish.hosts.empty() && wish.uri.empty())
    return Error{Code::invalid_input, "a certificate needs at least one host"};
  if (wish.hosts.size() > 100)
    return Error{Code::invalid_input, "one certificate names 100 hosts at most; make several"};
  const bool identity =
      wish.profile == Profile::core_identity || wish.profile == Profile::edge_identity;
  if (identity != !wish.uri.empty())
    return Error{
        Code::invalid_input,
        "an identity has --uri sallyport://SITE/core/ID or sallyport://SITE/edge/NAME, and "
        "nothing else has one"};
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/' || c == '.';
  };
  if (identity && (!wish.uri.starts_with("sallyport://") || wish.uri.size() > 200 ||
                   !std::ranges::all_of(std::string_view{wish.uri}.substr(12), good)))
    return Error{
        Code::invalid_input,
        "the URI of an identity is sallyport://SITE/edge/NAME in lower case letters, digits, "
        "dots and hyphens"};
  return {};
}

}  // namespace

Result<Authority> Authority::create(const NewAuthority& wanted, Instant now, Random& random) {
  if (wanted.name.empty() || wanted.name.size() > 64 || !bytes::is_utf8(wanted.name))
    return Error{Code::invalid_input, "the name of an authority has 1 to 64 bytes of UTF-8"};
  auto root = TRY(new_root(wanted, now, random));
  Authority made{std::move(root), wanted.constraints};
  if (wanted.with_intermediate) TRY(made.renew_intermediate(now, random));
  return made;
}

Outcome Authority::renew_intermediate(Instant now, Random& random) {
  intermediate_ = TRY(new_intermediate(root_, now, random));
  return {};
}

Result<Authority> Authority::load(const fs::path& folder, const Secret& password) {
  const bool has_intermediate = is_there(folder / "intermediate.crt");
  const bool put_away = has_intermediate && !is_there(folder / "ca.key");
  auto locked = [&]() -> Result<Signer> {
    Signer signer;
    signer.certificate = TRY(load_certificate(folder / "ca.crt"));
    return signer;
  };
  auto root = put_away ? locked() : load_signer(folder / "ca.crt", folder / "ca.key", password);
  if (!root && has_intermediate && root.error().code() == Code::unauthenticated && password.empty())
    root = locked();  // encrypted, and not needed for what the intermediate signs
  if (!root) return std::move(root).error();
  auto constraints = TRY(Constraints::of(*root->certificate));
  Authority loaded{*std::move(root), std::move(constraints)};
  if (has_intermediate)
    loaded.intermediate_ =
        TRY(load_signer(folder / "intermediate.crt", folder / "intermediate.key", {}));
  if (is_there(folder / "cross.crt")) loaded.cross_ = TRY(load_certificate(folder / "cross.crt"));
  return loaded;
}

Outcome Authority::save(const fs::path& folder, const Secret& password) const {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Error{Code::unavailable, "cannot make " + folder.string() + ": " + error.message()};
  for (const auto* name : {"ca.crt", "ca.key", "intermediate.crt", "intermediate.key"})
    TRY(refuse_existing(folder / name));
  if (cross_ != nullptr) TRY(save_certificate(folder / "cross.crt", *cross_));
  if (intermediate_) TRY(save_signer(folder, "intermediate", *intermediate_, {}));
  return save_signer(folder, "ca", root_, password);
}

Result<std::string> Authority::certify(const Wish& wish, EVP_PKEY& key, Instant now,
                                       Random& random) const {
  TRY(check_wish(wish));
  TRY(check_key(key));
  for (const auto& host : wish.hosts) TRY(constraints_.permits(host));
  const auto& signer = issuing();
  const auto end = std::min(tls::not_after(*signer.certificate), tls::not_after(root()));
  const auto& what = rules(wish.profile);
  const auto life = TRY(validity(what, now, wish.life, wish.is_public, end));
  const Spec spec{.profile = wish.profile,
                  .common_name = common_name_of(wish.hosts),
                  .hosts = wish.hosts,
                  .uri = wish.uri,
                  .validity = life,
                  .path_length = {},
                  .constraints = {.any = true}};
  const auto leaf = TRY(make_certificate(spec, key, &signer, signer.key.get(), random));
  return pem_of(*leaf) + chain_pem();
}

Result<Issued> Authority::issue(const Wish& wish, Instant now, Random& random) const {
  const auto key = TRY(new_key(wish.key));
  auto chain = TRY(certify(wish, *key, now, random));
  auto secret = TRY(pem_of(*key));
  return Issued{std::move(chain), std::move(secret)};
}

std::string Authority::chain_pem() const {
  std::string chain;
  if (intermediate_) chain += pem_of(*intermediate_->certificate);
  if (cross_ != nullptr) return chain + pem_of(*cross_);
  return intermediate_ ? chain : chain + pem_of(root());
}

Result<Authority> Authority::successor(Instant now, Random& random) const {
  if (root_.key == nullptr)
    return Error{Code::not_found, "the root's key is put away; bring ca.key back to rotate"};
  auto name = common_name(root());
  if (name.size() > 60 - 9) name.resize(60 - 9);
  const auto day = rfc3339(now).substr(0, 7);
  const NewAuthority wanted{.name = name + " " + day + " " + bytes::hex(random.bytes<2>()),
                            .constraints = constraints_,
                            .with_intermediate = has_intermediate(),
                            .single_use = false,
                            .life = {}};
  auto next = TRY(create(wanted, now, random));
  const auto room = ::X509_get_pathlen(root_.certificate.get());
  const int needed = has_intermediate() ? 2 : 1;
  if (room >= 0 && room < needed) return next;
  const auto life = TRY(validity(rules(Profile::root), now, {}, false, tls::not_after(root())));
  const Spec spec{.profile = Profile::root,
                  .common_name = wanted.name,
                  .hosts = {},
                  .uri = {},
                  .validity = life,
                  .path_length = needed - 1,
                  .constraints = constraints_};
  next.cross_ = TRY(make_certificate(spec, *next.root_.key, &root_, root_.key.get(), random));
  return next;
}

std::string authority_name(std::string_view site, Instant now, Random& random) {
  const std::string begin = "Sallyport Site CA ";
  const auto end = " " + rfc3339(now).substr(0, 7) + " " + bytes::hex(random.bytes<2>());
  return begin + std::string{site.substr(0, 64 - begin.size() - end.size())} + end;
}

Result<Issued> self_signed(const Wish& wish, Instant now, Random& random) {
  TRY(check_wish(wish));
  const auto key = TRY(new_key(wish.key));
  const auto life = TRY(validity(rules(Profile::self_signed), now, wish.life, false, {}));
  const Spec spec{.profile = Profile::self_signed,
                  .common_name = common_name_of(wish.hosts),
                  .hosts = wish.hosts,
                  .uri = {},
                  .validity = life,
                  .path_length = {},
                  .constraints = {.any = true}};
  const auto made = TRY(make_certificate(spec, *key, nullptr, key.get(), random));
  auto secret = TRY(pem_of(*key));
  return Issued{pem_of(*made), std::move(secret)};
}

}  // namespace sp::certs
