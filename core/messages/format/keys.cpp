#include "core/messages/format/keys.h"

#include <algorithm>

namespace sp::messages {
namespace {

std::array<std::byte, 32> proof(const Secret& key, std::string_view info) {
  const Secret wide = openssl::hkdf_expand(key, info, 32);
  std::array<std::byte, 32> out;
  std::ranges::copy(wide.expose(), out.begin());
  return out;
}

}  // namespace

Result<MessageId> MessageId::parse(std::string_view text) {
  const auto raw = TRY(bytes::from_base64url(text));
  if (raw.size() != 16) return Error{Code::invalid_input, "message id: not 16 bytes"};
  MessageId id{};
  std::ranges::copy(raw, id.bytes.begin());
  return id;
}

Result<LinkSecret> LinkSecret::parse(std::string_view text) {
  auto raw = TRY(bytes::from_base64url(text));
  auto secret = Secret::copy_of(raw);
  wipe(std::span{raw});
  if (secret.size() != 32) return Error{Code::invalid_input, "link secret: not 32 bytes"};
  return LinkSecret{std::move(secret)};
}

Keys derive_keys(const MessageId& id, const LinkSecret& link, const StretchedPassphrase& pass) {
  const Secret root = openssl::hkdf_extract(id.bytes, {link.value.expose()});
  const Secret inner = openssl::hkdf_extract(id.bytes, {link.value.expose(), pass.value.expose()});
  return {
      proof(root, "sallyport message v1 link proof"),
      proof(inner, "sallyport message v1 passphrase proof"),
      ContentKey{openssl::hkdf_expand(inner, "sallyport message v1 content", 32)},
  };
}

Result<Link> parse_link(std::string_view url) {
  const auto refused = [] {
    return Error{Code::invalid_input, "the link is not of the form https://portal/m/id#secret"};
  };
  const auto hash = url.find('#');
  if (!url.starts_with("https://") || hash == std::string_view::npos) return refused();
  const auto path = url.substr(0, hash);
  const auto mark = path.rfind("/m/");
  if (mark == std::string_view::npos || mark <= std::string_view{"https://"}.size())
    return refused();

  auto id = MessageId::parse(path.substr(mark + 3));
  auto secret = LinkSecret::parse(url.substr(hash + 1));
  if (!id || !secret) return refused();
  return Link{std::string{path.substr(0, mark)}, *id, *std::move(secret)};
}

Secret link_url(std::string_view portal, const MessageId& id, const LinkSecret& secret) {
  std::string fragment = bytes::base64url(secret.value.expose());
  const std::string head = std::string{portal} + "/m/" + id.text() + "#";
  Secret url{head.size() + fragment.size()};
  const auto rest = std::ranges::copy(bytes::of(head), url.expose_mutable().begin()).out;
  std::ranges::copy(bytes::of(fragment), rest);
  wipe(fragment);
  return url;
}

}  // namespace sp::messages
