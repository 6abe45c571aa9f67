#include "certs/authority/pair.h"

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/tls/certificate.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

Outcome make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  return Error{Code::unavailable, "cannot make " + folder.string() + ": " + error.message()};
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// The bytes of both files, unread.
struct Raw {
  Bytes certificate;
  Secret key;
};

Result<Raw> read(const Pair& pair) {
  Raw raw;
  raw.certificate = TRY(config::read_file(pair.certificate()));
  raw.key = TRY(config::read_secret_file(pair.key()));
  return raw;
}

Outcome put(const Pair& pair, const Raw& raw) {
  TRY(make_folder(pair.folder));
  // The key first: a program that reads between the two finds a pair that does not match, and keeps
  // what it has.
  TRY(config::write_file(pair.key(), raw.key.expose(), 0600));
  return config::write_file(pair.certificate(), raw.certificate, 0644);
}

}  // namespace

Result<Pair> Pair::in(const fs::path& folder, std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos || name.starts_with('.'))
    return Error{Code::invalid_input, "--name is a file name without folder and ending"};
  return Pair{folder, std::string{name}};
}

Result<Pair> Pair::of_certificate(const fs::path& certificate) {
  if (certificate.extension() != ".crt")
    return Error{Code::invalid_input,
                 certificate.string() + " is not a certificate NAME.crt with NAME.key beside it"};
  const auto folder = certificate.parent_path();
  return in(folder.empty() ? "." : folder, certificate.stem().string());
}

bool Pair::exists() const {
  return is_there(certificate()) || is_there(key());
}

Result<Loaded> load(const Pair& pair) {
  const auto pem = TRY(config::read_file(pair.certificate()));
  Loaded loaded{std::string{bytes::text(pem)}, nullptr, nullptr};
  loaded.leaf = TRY(tls::parse_certificate(loaded.chain_pem).within(pair.certificate().string()));
  const auto key = TRY(config::read_secret_file(pair.key()));
  loaded.key = TRY(parse_key(key, {}).within(pair.key().string()));
  if (::X509_check_private_key(loaded.leaf.get(), loaded.key.get()) != 1)
    return openssl::failure(pair.key().string() + " is not the key of " +
                                pair.certificate().filename().string() + " beside it",
                            Code::invalid_input);
  return loaded;
}

Outcome write(const Pair& pair, const Issued& issued, Replace replace) {
  if (pair.exists() && replace == Replace::never)
    return Error{Code::conflict, pair.certificate().string() + " or its key is there already"};
  // What cannot be read whole is not worth keeping as a way back.
  if (const auto before = read(pair)) TRY(put(pair.previous(), *before));
  TRY(make_folder(pair.folder));
  if (!issued.key.empty()) TRY(config::write_file(pair.key(), issued.key.expose(), 0600));
  return config::write_file(pair.certificate(), bytes::of(issued.chain), 0644);
}

Outcome rollback(const Pair& pair) {
  auto before = read(pair.previous());
  if (!before && before.error().code() == Code::not_found)
    return Error{Code::not_found, "no earlier version of " + pair.certificate().string() +
                                      " is kept; there is nothing to go back to"};
  if (!before) return std::move(before).error();
  TRY(load(pair.previous()));
  if (const auto now = read(pair)) TRY(put(pair.previous(), *now));
  return put(pair, *before);
}

Result<std::vector<Pair>> pairs_in(const fs::path& folder) {
  std::error_code error;
  std::vector<Pair> pairs;
  for (fs::directory_iterator at{folder, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    const auto& path = at->path();
    if (path.extension() == ".crt" && is_there(fs::path{path}.replace_extension(".key")))
      pairs.push_back({folder, path.stem().string()});
  }
  if (error)
    return Error{Code::not_found, "cannot read " + folder.string() + ": " + error.message()};
  std::ranges::sort(pairs, {}, &Pair::name);
  return pairs;
}

}  // namespace sp::certs
