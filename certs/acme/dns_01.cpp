#include "certs/acme/dns_01.h"

#include <algorithm>
#include <charconv>

namespace sp::acme {
namespace {

constexpr Duration between_looks{2'000};

bool is_signed(const dns::Answer& answer) {
  return !answer.additional.empty() &&
         answer.additional.back().type == static_cast<std::uint16_t>(dns::Type::tsig);
}

class DnsUpdate final : public ChallengeSolver {
 public:
  DnsUpdate(Dns01Options options, const Clock& clock, Random& random, Waiter& waiter)
      : options_(std::move(options)), clock_(clock), random_(random), waiter_(waiter) {}
  [[nodiscard]] ChallengeKind kind() const override { return ChallengeKind::dns_01; }

  Outcome present(const Challenge& challenge) override {
    TRY(update(challenge, dns::Change::add));
    for (const auto& server : options_.seen_by) TRY(wait_until_seen(server, challenge));
    return {};
  }
  Outcome remove(const Challenge& challenge) override {
    return update(challenge, dns::Change::take);
  }

 private:
  std::uint16_t new_id() { return static_cast<std::uint16_t>(random_.below(65536)); }

  Result<Bytes> ask(const DnsServer& server, const std::string& name, dns::Type type) {
    const auto id = new_id();
    const auto question = TRY(dns::question(id, name, type));
    auto answer = TRY(dns_exchange(server, question, options_.patience));
    const auto parsed = TRY(dns::parse(answer));
    if (parsed.id != id) return Error{Code::corrupt, server.text() + " answers another question"};
    return answer;
  }

  // The owner of the SOA record that comes as answer, or as authority where the name is no zone.
  Result<std::string> zone_of(const std::string& name) {
    if (!options_.zone.empty()) return options_.zone;
    const auto message = TRY(ask(options_.server, name, dns::Type::soa));
    const auto parsed = TRY(dns::parse(message));
    for (const auto* section : {&parsed.answers, &parsed.authority})
      for (const auto& record : *section)
        if (record.type == static_cast<std::uint16_t>(dns::Type::soa)) return record.name;
    return Error{Code::unavailable, options_.server.text() + " has no zone for " + name +
                                        ": name the zone's primary server, or the zone with zone="};
  }

  Outcome update(const Challenge& challenge, dns::Change change) {
    const auto name = challenge.record_name();
    const auto zone = TRY(zone_of(name));
    const auto id = new_id();
    openssl::Digest mac{};
    const auto now = clock_.now();
    const auto change_of = TRY(dns::txt_update(id, zone, name, challenge.record(), change));
    const auto message = TRY(dns::sign(change_of, options_.key, now, mac));
    const auto answer = TRY(dns_exchange(options_.server, message, options_.patience));
    const auto parsed = TRY(dns::parse(answer));
    if (parsed.id != id)
      return Error{Code::corrupt, options_.server.text() + " answers another question"};
    auto genuine = dns::verify(answer, options_.key, now, mac);
    // A refusal without a signature is one as well: nothing was changed.
    if (parsed.code != 0 && (genuine || !is_signed(parsed)))
      return Error{Code::unavailable, "the name server " + options_.server.text() +
                                          " does not change " + name + ": " +
                                          dns::describe_code(parsed.code)};
    return std::move(genuine).within("update " + name);
  }

  Result<bool> sees(const DnsServer& server, const Challenge& challenge) {
    const auto message = TRY(ask(server, challenge.record_name(), dns::Type::txt));
    const auto parsed = TRY(dns::parse(message));
    for (const auto& record : parsed.answers)
      if (record.type == static_cast<std::uint16_t>(dns::Type::txt) &&
          TRY(dns::text_of(record)) == challenge.record())
        return true;
    return false;
  }

  Outcome wait_until_seen(const DnsServer& server, const Challenge& challenge) {
    for (unsigned i = 0; i < options_.looks; ++i) {
      if (const auto seen = sees(server, challenge); seen && *seen) return {};
      TRY(waiter_.wait(between_looks));
    }
    return Error{Code::unavailable, server.text() + " does not show " + challenge.record_name() +
                                        ": does it get the zone from its primary?"};
  }

  Dns01Options options_;
  const Clock& clock_;
  Random& random_;
  Waiter& waiter_;
};

}  // namespace

Result<DnsServer> DnsServer::parse(std::string_view text) {
  const Error refused{Code::invalid_input, "a name server is ADDRESS, ADDRESS:PORT or [IPv6]:PORT"};
  DnsServer out;
  auto host = text;
  const bool bracketed = text.starts_with('[');
  const auto colon = text.rfind(':');
  const bool has_port = bracketed ? text.find("]:") != std::string_view::npos
                                  : colon != std::string_view::npos && text.find(':') == colon;
  if (has_port) {
    out.port = std::string{text.substr(colon + 1)};
    host = text.substr(0, colon);
    unsigned port = 0;
    const auto [end, problem] =
        std::from_chars(out.port.data(), out.port.data() + out.port.size(), port);
    if (problem != std::errc{} || end != out.port.data() + out.port.size() || port == 0 ||
        port > 65535)
      return refused;
  }
  if (bracketed && !host.ends_with(']')) return refused;
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.size() > 253) return refused;
  out.host = std::string{host};
  return out;
}

std::unique_ptr<ChallengeSolver> dns_01_update(Dns01Options options, const Clock& clock,
                                               Random& random, Waiter& waiter) {
  return std::make_unique<DnsUpdate>(std::move(options), clock, random, waiter);
}

}  // namespace sp::acme
