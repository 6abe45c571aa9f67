#include <ostream>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "base/openssl/crypto.h"
#include "base/tls/certificate.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path file;
  bool prepare = false;
  bool dry_run = false;
};

struct Pin {
  std::string of;
  std::string text;
};

std::string pin_text(BytesView digest) {
  return "sha256/" + bytes::base64(digest);
}

Result<std::string> pin_of(const EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int size = ::i2d_PUBKEY(&key, &der);
  if (size <= 0) return openssl::failure("write public key");
  const auto digest =
      openssl::sha256(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
  ::OPENSSL_free(der);
  return pin_text(digest);
}

/// The key ahead of `pair`: as it is, or a new one when asked for.
Result<openssl::Pkey> next_key(const Pair& pair, bool make) {
  const auto secret = config::read_secret_file(pair.next_key());
  if (secret) return parse_key(*secret, {}).within(pair.next_key().string());
  if (secret.error().code() != Code::not_found || !make) return Error{secret.error()};
  auto key = TRY(new_key(KeyKind::p256));
  const auto pem = TRY(pem_of(*key));
  TRY(config::write_file(pair.next_key(), pem.expose(), 0600));
  return key;
}

Result<std::vector<Pin>> pins_of(const Wanted& wanted) {
  const auto leaf = TRY(load_leaf(wanted.file));
  std::vector<Pin> pins{{"current", pin_text(tls::spki_pin(*leaf))}};
  const auto pair = Pair::of_certificate(wanted.file);
  if (!pair && wanted.prepare) return Error{pair.error()};
  if (!pair) return pins;
  const auto key = next_key(*pair, wanted.prepare && !wanted.dry_run);
  if (key) {
    auto text = TRY(pin_of(**key));
    pins.push_back({"next", std::move(text)});
  }
  if (!key && key.error().code() != Code::not_found) return Error{key.error()};
  return pins;
}

Outcome pin(const Wanted& wanted, Context& context) {
  const auto pins = TRY(pins_of(wanted));
  std::vector<Report> rows;
  for (const auto& one : pins) {
    rows.emplace_back().add("of", "", one.of).add("pin", "", one.text);
    if (!context.json) context.out << one.text << "\n";
  }
  if (context.json) {
    Report report;
    report.add("file", "", wanted.file.string()).add_rows("pins", std::move(rows)).print(context);
  }
  context.next = pins.size() > 1
                     ? "give both to those who pin; the next renewal uses the second key"
                     : "--prepare-next makes the next key ahead, so that pins can be given out "
                       "before it is used";
  return {};
}

}  // namespace

void add_pin(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "pin", "Print the pins of a certificate's keys: the current one, and the next if it is made");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("FILE", wanted->file, "DIR/NAME.crt")->required();
  command->add_flag("--prepare-next", wanted->prepare,
                    "Make DIR/NAME.next.key, which the next renewal will use");
  command->add_flag("--dry-run", wanted->dry_run, "Make no key; print what there is");
  command->callback([wanted, &context] { context.outcome = pin(*wanted, context); });
}

}  // namespace sp::certs
