#include "edge-gateway/ssh/host_key.h"

#include "base/testing/catch.h"

using namespace sp::edge_gateway;

namespace {

const std::string ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA";
const std::string other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBB";
const std::string rsa = "ssh-rsa AAAAB3NzaC1yc2E";

KnownHost knows(std::vector<std::string> keys) {
  return {std::move(keys), {}, false};
}

}  // namespace

TEST_CASE("a host with one of the ticket's keys is known", "[gateway]") {
  CHECK(judge(knows({rsa, ed25519}), ed25519) == Verdict::known);
  CHECK(judge(knows({ed25519 + " root@db1\n"}), ed25519) == Verdict::known);
}

TEST_CASE("a host with another key has changed, also where the first one would count",
          "[gateway]") {
  auto lenient = knows({ed25519});
  lenient.first_use = true;

  CHECK(judge(knows({ed25519}), other) == Verdict::changed);
  CHECK(judge(knows({ed25519}), rsa) == Verdict::changed);
  CHECK(judge(knows({ed25519}), ed25519 + "A") == Verdict::changed);
  CHECK(judge(lenient, other) == Verdict::changed);
}

TEST_CASE("the first key counts where the ticket says so and nothing is known", "[gateway]") {
  CHECK(judge({{}, {}, true}, ed25519) == Verdict::first_use);
  CHECK(judge({{}, {}, false}, ed25519) == Verdict::unknown);
  CHECK(judge({{}, {other}, true}, ed25519) == Verdict::unknown);
}

TEST_CASE("no key at all is nobody's", "[gateway]") {
  CHECK(judge({{}, {}, true}, "") == Verdict::unknown);
  CHECK(judge({{}, {}, true}, "ssh-ed25519") == Verdict::unknown);
  CHECK(judge(knows({""}), "") == Verdict::unknown);
}

TEST_CASE("known types of keys are asked for first, and never with SHA-1", "[gateway]") {
  CHECK(host_key_algorithms(knows({rsa})).starts_with("rsa-sha2-512,rsa-sha2-256,ssh-ed25519"));
  CHECK(host_key_algorithms(knows({})).starts_with("ssh-ed25519,"));
  CHECK_FALSE(host_key_algorithms(knows({rsa})).contains("ssh-rsa"));
}
