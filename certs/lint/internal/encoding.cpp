#include <algorithm>

#include "certs/lint/internal/rule.h"

// The form of the certificate itself: version, serial number, times, DER.
namespace sp::certs::lint {
namespace {

bool not_positive(const Case& c) {
  const auto serial = c.v.serial;
  const bool zero = std::ranges::all_of(serial, [](std::byte b) { return b == std::byte{0}; });
  return zero || (std::to_integer<unsigned>(serial.front()) & 0x80U) != 0;
}
bool long_serial(const Case& c) {
  return c.v.serial.size() > 20;
}
// 64 bits of a random generator; seven bytes cannot hold them.
bool short_serial(const Case& c) {
  return c.v.serial.size() < 8;
}

bool not_zulu(const Moment& moment, std::uint8_t tag) {
  return moment.tag == tag && !moment.text.ends_with('Z');
}
bool without_seconds(const Moment& moment, std::uint8_t tag) {
  const std::size_t digits = tag == der::utc_time ? 12 : 14;
  const auto count = static_cast<std::size_t>(std::ranges::find_if_not(moment.text, [](char x) { return x >= '0' && x <= '9'; }) - moment.text.begin());
  return moment.tag == tag && count < digits;
}
bool with_fraction(const Moment& moment) {
  return moment.tag == der::generalized_time && moment.text.find('.') != std::string::npos;
}
bool wrong_kind(const Moment& moment) {
  return moment.tag == der::generalized_time && moment.text.size() > 4 && moment.text.substr(0, 4) < "2050";
}
template <class Predicate>
bool either(const Case& c, Predicate wrong) {
  return wrong(c.v.from) || wrong(c.v.until);
}

// A FALSE that is the default is left out in DER (X.690 section 11.5).
bool says_false(const Case& c) {
  const auto outer = der::sequence_of(c.v.der());
  der::Reader tbs{(*outer)[0].content};
  while (!tbs.at_end()) {
    const auto element = tbs.next();
    if (!element) return false;
    if (element->tag != der::context(3, true)) continue;
    const auto all = der::sequence_of(element->content);
    return all && any(*all, [](const der::Element& one) {
             der::Reader reader{one.content};
             reader.next();
             const auto critical = reader.take(der::boolean);
             return critical && (critical->size() != 1 || critical->front() != std::byte{0xFF});
           });
  }
  return false;
}
bool constraints_say_false(const Case& c) {
  const auto* extension = c.v.find(oid::basic_constraints);
  if (extension == nullptr) return false;
  const auto parts = der::sequence_of(extension->value);
  return parts && !parts->empty() && parts->front().tag == der::boolean &&
         (parts->front().content.size() != 1 || parts->front().content.front() != std::byte{0xFF});
}
bool padded_usage(const Case& c) {
  const auto* extension = c.v.find(oid::key_usage);
  if (extension == nullptr) return false;
  der::Reader reader{extension->value};
  const auto bits = reader.take(der::bit_string);
  if (!bits || bits->size() < 2) return false;
  const auto unused = std::to_integer<unsigned>(bits->front());
  const auto last = std::to_integer<unsigned>(bits->back());
  return unused > 7 || last == 0;
}
bool repeated_extension(const Case& c) {
  for (const auto& one : c.v.extensions)
    if (std::ranges::count(c.v.extensions, one.type, &Extension::type) > 1) return true;
  return false;
}
bool bad_printable(const Case& c) {
  return any(c.v.subject.attributes, [](const Attribute& one) {
    return one.tag == der::printable_string && !std::ranges::all_of(one.value, [](char x) {
             return std::isalnum(static_cast<unsigned char>(x)) != 0 || std::string_view{" '()+,-./:=?"}.find(x) != std::string_view::npos;
           });
  });
}

constexpr Rule rules[] = {
    {"e_invalid_certificate_version", "BR 7.1.1", Whom::br_all, br1, [](const Case& c) { return c.v.version != 3; }, "it is not of version 3: have it issued again"},
    {"e_cert_extensions_version_not_3", "RFC 5280 4.1.2.9", Whom::all, rfc2459, [](const Case& c) { return c.v.version != 3 && !c.v.extensions.empty(); }, "it has extensions though it is not of version 3: have it issued again"},
    {"e_cert_contains_unique_identifier", "RFC 5280 4.1.2.8", Whom::all, rfc5280, [](const Case& c) { return c.v.has_unique_id; }, "it has a unique identifier, which nobody may use: have it issued again"},
    {"e_cert_unique_identifier_version_not_2_or_3", "RFC 5280 4.1.2.8", Whom::all, rfc5280, [](const Case& c) { return c.v.has_unique_id && c.v.version != 2 && c.v.version != 3; }, "it has a unique identifier though it is of version 1: have it issued again"},
    {"e_serial_number_not_positive", "RFC 5280 4.1.2.2", Whom::all, rfc3280, not_positive, "the serial number is not positive: have it issued again"},
    {"e_serial_number_longer_than_20_octets", "RFC 5280 4.1.2.2", Whom::all, rfc3280, long_serial, "the serial number has more than 20 bytes: have it issued again"},
    {"e_serial_number_low_entropy", "BR 7.1", Whom::br_all, day(2016, 9, 30), short_serial, "the serial number is too short to be random: have it issued again"},
    {"e_utc_time_not_in_zulu", "RFC 5280 4.1.2.5.1", Whom::all, rfc2459, [](const Case& c) { return either(c, [](const Moment& m) { return not_zulu(m, der::utc_time); }); }, "a date is not in UTC: have it issued again"},
    {"e_generalized_time_not_in_zulu", "RFC 5280 4.1.2.5.2", Whom::all, rfc2459, [](const Case& c) { return either(c, [](const Moment& m) { return not_zulu(m, der::generalized_time); }); }, "a date is not in UTC: have it issued again"},
    {"e_utc_time_does_not_include_seconds", "RFC 5280 4.1.2.5.1", Whom::all, rfc2459, [](const Case& c) { return either(c, [](const Moment& m) { return without_seconds(m, der::utc_time); }); }, "a date has no seconds: have it issued again"},
    {"e_generalized_time_does_not_include_seconds", "RFC 5280 4.1.2.5.2", Whom::all, rfc2459, [](const Case& c) { return either(c, [](const Moment& m) { return without_seconds(m, der::generalized_time); }); }, "a date has no seconds: have it issued again"},
    {"e_generalized_time_includes_fraction_seconds", "RFC 5280 4.1.2.5.2", Whom::all, rfc2459, [](const Case& c) { return either(c, with_fraction); }, "a date has fractions of seconds: have it issued again"},
    {"e_wrong_time_format_pre2050", "RFC 5280 4.1.2.5", Whom::all, rfc2459, [](const Case& c) { return either(c, wrong_kind); }, "a date before 2050 is no UTCTime: have it issued again"},
    {"e_cert_ext_invalid_der", "RFC 5280 4.2", Whom::all, rfc3280, says_false, "an extension says expressly that it is not critical: have it issued again"},
    {"e_basic_constr_invalid_der", "RFC 3280 4.1", Whom::all, rfc3280, constraints_say_false, "the basic constraints are not in DER: have it issued again"},
    {"e_superfluous_ku_encoding", "X.690 11.2", Whom::all, rfc3280, padded_usage, "the key usage is padded with zeros: have it issued again"},
    {"e_ext_duplicate_extension", "RFC 5280 4.2", Whom::all, rfc2459, repeated_extension, "an extension stands there twice: have it issued again"},
    {"e_subject_printable_string_badalpha", "RFC 5280 B", Whom::all, rfc2459, bad_printable, "a PrintableString in the subject has characters that it may not have: have it issued with UTF8String"},
};

}  // namespace

std::span<const Rule> encoding_rules() {
  return rules;
}

}  // namespace sp::certs::lint
