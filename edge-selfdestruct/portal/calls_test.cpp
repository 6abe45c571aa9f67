#include "edge-selfdestruct/portal/calls.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_selfdestruct;

namespace {
const std::string zeros(43, 'A');  // 32 zero bytes
const std::string link_only = R"({"link_proof":")" + zeros + R"("})";
const std::string both = R"({"link_proof":")" + zeros + R"(","pass_proof":")" + zeros + R"("})";

bool accepted(std::string_view body) {
  return decode_proofs(body, PassProof::allowed).has_value();
}
}  // namespace

TEST_CASE("proofs are kept as their hash alone", "[portal]") {
  const auto proofs = decode_proofs(both, PassProof::allowed);

  REQUIRE(proofs);
  CHECK(proofs->link == openssl::sha256(Bytes(32)));
  CHECK(proofs->pass == proofs->link);
  CHECK_FALSE(decode_proofs(link_only, PassProof::allowed)->pass);
}

TEST_CASE("a body has exactly the members that the format names", "[portal]") {
  CHECK(accepted(link_only));
  CHECK_FALSE(decode_proofs(both, PassProof::refused));
  CHECK_FALSE(accepted(""));
  CHECK_FALSE(accepted("[]"));
  CHECK_FALSE(accepted("{}"));
  CHECK_FALSE(accepted(R"({"pass_proof":")" + zeros + R"("})"));
  CHECK_FALSE(accepted(R"({"link_proof":7})"));
  CHECK_FALSE(accepted(R"({"link_proof":")" + zeros + R"(","more":1})"));
  CHECK_FALSE(accepted(R"({"link_proof":")" + zeros + R"(","link_proof":")" + zeros + R"("})"));
  CHECK_FALSE(accepted(R"({"link_proof":")" + zeros + R"(","link\u005fproof":")" + zeros + "\"}"));
  CHECK_FALSE(accepted(R"({"link_proof":")" + zeros + R"(=="})"));
  CHECK_FALSE(accepted(R"({"link_proof":")" + std::string(42, 'A') + R"("})"));
  CHECK_FALSE(accepted(link_only + " x"));
  CHECK_FALSE(accepted(link_only.substr(0, link_only.size() - 1)));
  CHECK_FALSE(accepted(link_only.substr(0, link_only.size() - 1) + ",}"));
  CHECK_FALSE(accepted("{," + link_only.substr(1)));
  CHECK_FALSE(accepted(R"({"link_proof":")" + zeros));
  CHECK(accepted(" {\t\"link_proof\"\r\n: \"" + zeros + "\" } "));
  CHECK_FALSE(accepted(link_only + std::string(5'000, ' ')));
}

TEST_CASE("a call's path names an id and a verb and nothing else", "[portal]") {
  const std::string id(22, 'A');

  const auto call = decode_path("/api/v1/messages/" + id + "/reveal");

  REQUIRE(call);
  CHECK(call->verb == Verb::reveal);
  CHECK(call->id == openssl::sha256(Bytes(16)));
  CHECK(decode_path("/api/v1/messages/short/reveal").error().code() == Code::invalid_input);
  CHECK(decode_path("/api/v1/messages/" + id + "/peek").error().code() == Code::not_found);
  CHECK(decode_path("/api/v1/messages/" + id + "/reveal/").error().code() == Code::not_found);
  CHECK(decode_path("/api/v1/messages/" + id).error().code() == Code::not_found);
}
