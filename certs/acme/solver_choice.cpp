#include "certs/acme/solver_choice.h"

#include <algorithm>
#include <filesystem>

#include "base/config/files.h"
#include "certs/acme/dns_01.h"
#include "certs/acme/hook.h"
#include "certs/acme/http_01.h"

namespace sp::acme {
namespace {

constexpr std::size_t most_servers = 20;

Error refused(ChallengeKind kind) {
  if (kind == ChallengeKind::http_01)
    return {Code::invalid_input,
            "--http-01 is listen=ADDRESS:PORT, webroot=FOLDER or hook=PROGRAM"};
  return {Code::invalid_input,
          "--dns-01 is rfc2136=SERVER,key-file=FILE[,zone=ZONE][,seen-by=SERVER] or hook=PROGRAM"};
}

std::string absolute(std::string_view path) {
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error);
  return error ? std::string{path} : whole.lexically_normal().string();
}

Outcome set(SolverChoice& out, std::string_view name, std::string_view value) {
  const bool http = out.kind == ChallengeKind::http_01;
  const bool is_way =
      name == "hook" || (http ? name == "listen" || name == "webroot" : name == "rfc2136");
  if (value.empty() || (is_way && !out.way.empty())) return refused(out.kind);
  if (is_way) {
    out.way = std::string{name};
    out.target = name == "hook" || name == "webroot" ? absolute(value) : std::string{value};
  } else if (out.way != "rfc2136") {
    return refused(out.kind);
  } else if (name == "key-file") {
    out.key_file = absolute(value);
  } else if (name == "zone") {
    out.zone = std::string{value};
    TRY(dns::wire_name(value));
  } else if (name == "seen-by" && out.seen_by.size() < most_servers) {
    TRY(DnsServer::parse(value));
    out.seen_by.emplace_back(value);
  } else {
    return refused(out.kind);
  }
  return {};
}

Result<std::unique_ptr<ChallengeSolver>> make_update(const SolverChoice& choice,
                                                     const World& world) {
  Dns01Options options;
  options.server = TRY(DnsServer::parse(choice.target));
  options.zone = choice.zone;
  const auto text = TRY(config::read_secret_file(choice.key_file));
  options.key = TRY(dns::TsigKey::parse(text).within(choice.key_file));
  for (const auto& one : choice.seen_by) options.seen_by.push_back(TRY(DnsServer::parse(one)));
  return dns_01_update(std::move(options), world.clock, world.random, world.waiter);
}

}  // namespace

Result<SolverChoice> SolverChoice::parse(ChallengeKind kind, std::string_view text) {
  SolverChoice out;
  out.kind = kind;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = text.substr(0, comma);
    const auto equals = std::min(part.find('='), part.size());
    TRY(set(out, part.substr(0, equals),
            equals == part.size() ? std::string_view{} : part.substr(equals + 1)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (out.way.empty() || (out.way == "rfc2136" && out.key_file.empty())) return refused(kind);
  if (out.way == "rfc2136") TRY(DnsServer::parse(out.target));
  return out;
}

std::string SolverChoice::text() const {
  auto out = way + "=" + target;
  if (!key_file.empty()) out += ",key-file=" + key_file;
  if (!zone.empty()) out += ",zone=" + zone;
  for (const auto& one : seen_by) out += ",seen-by=" + one;
  return out;
}

Result<std::unique_ptr<ChallengeSolver>> make_solver(const SolverChoice& choice,
                                                     const World& world) {
  if (choice.way == "rfc2136") return make_update(choice, world);
  if (choice.way == "hook") return hook(choice.kind, {.program = choice.target});
  if (choice.way == "webroot") return http_01_webroot(choice.target);
  return http_01_responder(choice.target);
}

}  // namespace sp::acme
