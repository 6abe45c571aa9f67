#include "core/messages/format/vectors_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace sp::messages::testing {
namespace {

Bytes raw(const nlohmann::json& value) {
  return *bytes::from_base64url(value.get<std::string>());
}

Vector vector_of(const nlohmann::json& test) {
  Vector out{};
  out.name = test["name"];
  out.id = *MessageId::parse(test["id"].get<std::string>());
  out.link = *LinkSecret::parse(test["link_secret"].get<std::string>());
  if (test["passphrase"].is_string())
    out.passphrase = Secret::copy_of(bytes::of(test["passphrase"].get<std::string>()));
  if (test["salt"].is_string()) std::ranges::copy(raw(test["salt"]), out.salt.begin());
  out.cost = {test["memory_kib"], test["passes"]};
  out.link_proof = raw(test["link_proof"]);
  out.pass_proof = raw(test["pass_proof"]);
  out.content_key = raw(test["content_key"]);
  out.content = *decode_header(Secret::copy_of(bytes::of(test["content"].dump())));
  for (const auto& file : test["files"]) out.files.push_back(raw(file));
  out.sealed = raw(test["sealed"]);
  return out;
}

}  // namespace

std::vector<Vector> load_vectors() {
  std::ifstream file{"core/messages/testdata/message-v1.json"};
  const auto parsed = nlohmann::json::parse(file);
  std::vector<Vector> out;
  for (const auto& test : parsed["tests"]) out.push_back(vector_of(test));
  return out;
}

}  // namespace sp::messages::testing
