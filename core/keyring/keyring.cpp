#include "core/keyring/keyring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <mutex>

#include "base/openssl/crypto.h"
#include "base/result/ensure.h"

namespace sp::keyring {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t salt_size = 16;
constexpr std::size_t key_size = 32;
constexpr std::string_view root_half_fact = "root half";
constexpr std::string_view check_fact = "root check";

// Each part with its length, so that ("a", "bc") and ("ab", "c") differ.
Bytes bound_to(const Place& place, std::uint32_t term) {
  bytes::Writer out;
  out.raw("sallyport seal v1").u32(term);
  for (const auto part : {place.table, place.id, place.field})
    out.u32(static_cast<std::uint32_t>(part.size())).raw(part);
  return out.take();
}

// The salt makes the key new for each value, so that the nonce may stay zero and no number of seals
// under one term comes near GCM's limit for random nonces.
Secret key_for(const Secret& term_key, BytesView salt) {
  return openssl::hkdf_expand(openssl::hkdf_extract(salt, {term_key.expose()}), "sallyport seal v1",
                              key_size);
}

Bytes seal_with(const Secret& term_key, std::uint32_t term, const Place& place, BytesView plain,
                Random& random) {
  const auto salt = random.bytes<salt_size>();
  const auto sealed = openssl::gcm_seal(key_for(term_key, salt), {}, bound_to(place, term), plain);
  bytes::Writer out;
  out.u8(format_version).u32(term).raw(salt).raw(sealed);
  return out.take();
}

struct Parts {
  std::uint32_t term = 0;
  BytesView salt, sealed;
};
Result<Parts> split(BytesView value) {
  bytes::Reader in{value};
  const auto version = in.u8();
  const auto term = in.u32();
  const auto salt = in.take(salt_size);
  if (!version || *version != format_version || !term || !salt)
    return Error{Code::corrupt, "sealed value"};
  return Parts{*term, *salt, in.rest()};
}

Result<Secret> open_with(const Secret& term_key, const Parts& parts, const Place& place) {
  return openssl::gcm_open(key_for(term_key, parts.salt), {}, bound_to(place, parts.term),
                           parts.sealed);
}

// The root is term 0: it seals the terms and nothing else.
Place place_of_term(const std::string& term) {
  return {"keyring", term, "wrapped"};
}

Secret root_of(const Secret& file_half, BytesView database_half) {
  return openssl::hkdf_expand(openssl::hkdf_extract(database_half, {file_half.expose()}),
                              "sallyport root v1", key_size);
}

Outcome add_term(store::Transaction& tx, const Secret& root, std::uint32_t term, Random& random,
                 Instant now) {
  const auto key = random.secret(key_size);
  const auto name = std::to_string(term);
  const auto wrapped = seal_with(root, 0, place_of_term(name), key.expose(), random);
  const auto added = TRY(tx.run(
      "INSERT INTO keyring (term, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      term, wrapped, now));
  if (added == 0) return Error{Code::conflict, "the keyring has this term already"};
  return {};
}

using Terms = std::map<std::uint32_t, Secret>;
Result<Terms> unwrap_terms(const store::Rows& rows, const Secret& root) {
  Terms terms;
  for (const auto& row : rows) {
    const auto term = static_cast<std::uint32_t>(row.integer(0));
    const auto name = std::to_string(term);
    const auto parts = TRY(split(row.bytes(1)));
    terms.emplace(term, TRY(open_with(root, parts, place_of_term(name))));
  }
  if (terms.empty()) return Error{Code::corrupt, "the keyring is empty"};
  return terms;
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<Secret> read_root_half(const std::string& path) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.get() < 0)
    return Error{Code::unavailable, "the key file " + path +
                                        " cannot be read: restore it from its backup, or run init"};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return Error{Code::invalid_input, "the key file " + path + " is not a plain file"};
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Error{Code::forbidden, "the key file " + path + " can be read by others: chmod 600 it"};
  Secret half{root_half_size};
  const auto into = half.expose_mutable();
  if (status.st_size != static_cast<off_t>(root_half_size) ||
      ::read(file.get(), into.data(), into.size()) != static_cast<ssize_t>(root_half_size))
    return Error{Code::corrupt, "the key file " + path + " does not hold 32 bytes"};
  return half;
}

Outcome write_root_half(const std::string& path, Random& random) {
  const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (file.get() < 0)
    return Error{errno == EEXIST ? Code::conflict : Code::unavailable,
                 "the key file " + path + " cannot be made"};
  const auto half = random.secret(root_half_size);
  const auto from = half.expose();
  if (::write(file.get(), from.data(), from.size()) != static_cast<ssize_t>(from.size()) ||
      ::fsync(file.get()) != 0)
    return Error{Code::unavailable, "the key file " + path + " cannot be written"};
  return {};
}

Outcome Keyring::create(store::Store& store, const Secret& file_half, Random& random,
                        const Clock& clock) {
  const auto database_half = random.bytes<root_half_size>();
  const auto root = root_of(file_half, database_half);
  return store.write([&](store::Transaction& tx) -> Outcome {
    const auto added =
        TRY(tx.run("INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                   root_half_fact, database_half));
    if (added == 0) return Error{Code::conflict, "there is a keyring already"};
    const auto check = openssl::hmac_sha256(root.expose(), {bytes::of(check_fact)});
    TRY(tx.run("INSERT INTO facts (name, value) VALUES ($1, $2)", check_fact, check));
    return add_term(tx, root, 1, random, clock.now());
  });
}

Result<std::unique_ptr<Keyring>> Keyring::open(store::Store& store, const Secret& file_half,
                                               Random& random) {
  struct Stored {
    Bytes half, check;
    store::Rows terms;
  };
  const auto load = [](store::Transaction& tx) -> Result<Stored> {
    const auto half = TRY(tx.one("SELECT value FROM facts WHERE name = $1", root_half_fact));
    const auto check = TRY(tx.one("SELECT value FROM facts WHERE name = $1", check_fact));
    if (!half || !check)
      return Error{Code::not_found, "the database has no keyring: run init first"};
    return Stored{half->bytes(0), check->bytes(0),
                  TRY(tx.query("SELECT term, wrapped FROM keyring"))};
  };
  const auto stored = TRY(store.read(load));
  auto root = root_of(file_half, stored.half);
  if (!openssl::equal(openssl::hmac_sha256(root.expose(), {bytes::of(check_fact)}), stored.check))
    return Error{Code::corrupt, "the key file is not the one that this database was made with"};
  auto terms = TRY(unwrap_terms(stored.terms, root));
  std::unique_ptr<Keyring> keyring{new Keyring{std::move(root), random}};
  keyring->terms_ = std::move(terms);
  return keyring;
}

Bytes Keyring::seal(const Place& place, BytesView plain) const {
  const std::shared_lock lock{mutex_};
  const auto& [term, key] = *terms_.rbegin();
  return seal_with(key, term, place, plain, *random_);
}

Result<Secret> Keyring::open(const Place& place, BytesView sealed) const {
  const auto parts = TRY(split(sealed));
  const std::shared_lock lock{mutex_};
  const auto known = terms_.find(parts.term);
  if (known == terms_.end())
    return Error{Code::corrupt, "sealed under a term that is not in the keyring"};
  return open_with(known->second, parts, place);
}

Secret Keyring::derive(std::string_view purpose) const {
  return openssl::hkdf_expand(root_, "sallyport purpose v1 " + std::string{purpose}, key_size);
}

Outcome Keyring::rotate(store::Store& store, const Clock& clock) {
  const auto next = newest_term() + 1;
  const auto step = [&](store::Transaction& tx) -> Result<store::Rows> {
    TRY(add_term(tx, root_, next, *random_, clock.now()));
    return tx.query("SELECT term, wrapped FROM keyring");
  };
  const auto rows = TRY(store.write(step));
  auto terms = TRY(unwrap_terms(rows, root_));
  const std::unique_lock lock{mutex_};
  terms_ = std::move(terms);
  return {};
}

std::uint32_t Keyring::newest_term() const {
  const std::shared_lock lock{mutex_};
  return terms_.rbegin()->first;
}

}  // namespace sp::keyring
