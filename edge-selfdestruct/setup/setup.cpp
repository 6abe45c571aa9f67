#include "edge-selfdestruct/setup/setup.h"

#include "edge-selfdestruct/program/config.h"

namespace sp::edge_selfdestruct {
namespace {

using Stands = pushpull::Setup::Stands;

Result<Stands> decode(std::string_view text, const std::filesystem::path& path) {
  return Stands{TRY(decode_config(text, path)).host, {}};
}

std::string outward(const pushpull::Standing& /*values*/) {
  return "and nothing else. This machine needs to open no connection to the inside: deny them all, "
         "and\nlet the firewall tell you when one is tried.\n";
}

}  // namespace

pushpull::Setup setup() {
  return {.users = "recipients",
          .from = "everybody",
          .folder = "/var/lib/sallyport-selfdestruct",
          .own_authority =
              "Recipients' browsers will warn until they trust its own authority, so "
              "this is for trying: use a certificate of a public authority.",
          .own = {},
          .decode = decode,
          .outward = outward};
}

}  // namespace sp::edge_selfdestruct
