#include "certs/x509/view.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace sp::certs {
namespace {

using der::Element;

std::string string_of(BytesView view) {
  return std::string{bytes::text(view)};
}

std::optional<Algorithm> algorithm_of(const Element& element) {
  if (element.tag != der::sequence) return std::nullopt;
  const auto parts = der::children(element.content);
  if (!parts || parts->empty() || parts->front().tag != der::object_identifier) return std::nullopt;
  Algorithm algorithm{der::oid_text(parts->front().content), std::nullopt, element.whole};
  if (parts->size() > 1) algorithm.parameters = (*parts)[1];
  return algorithm;
}

std::optional<Name> name_of(const Element& element) {
  if (element.tag != der::sequence) return std::nullopt;
  const auto rdns = der::children(element.content);
  if (!rdns) return std::nullopt;
  Name name{{}, element.whole};
  for (std::size_t i = 0; i < rdns->size(); ++i) {
    const auto pairs = der::children((*rdns)[i].content);
    if (!pairs) return std::nullopt;
    for (const auto& pair : *pairs) {
      const auto parts = der::children(pair.content);
      if (!parts || parts->size() != 2) return std::nullopt;
      name.attributes.push_back(
          {der::oid_text((*parts)[0].content), (*parts)[1].tag, string_of((*parts)[1].content), i});
    }
  }
  return name;
}

std::optional<Extension> extension_of(const Element& element) {
  der::Reader reader{element.content};
  const auto type = reader.take(der::object_identifier);
  if (!type) return std::nullopt;
  Extension extension{der::oid_text(*type), false, {}};
  if (const auto critical = reader.take(der::boolean))
    extension.critical = critical->size() == 1 && critical->front() != std::byte{0};
  const auto value = reader.take(der::octet_string);
  if (!value || !reader.at_end()) return std::nullopt;
  extension.value = *value;
  return extension;
}

std::optional<std::vector<GeneralName>> general_names(const std::vector<Element>& elements) {
  std::vector<GeneralName> all;
  for (const auto& element : elements) {
    auto name = general_name(element);
    if (!name) return std::nullopt;
    all.push_back(*std::move(name));
  }
  return all;
}

std::optional<std::vector<GeneralName>> general_names(BytesView value) {
  const auto elements = der::sequence_of(value);
  return elements ? general_names(*elements) : std::nullopt;
}

std::optional<BasicConstraints> basic_constraints_of(BytesView value) {
  der::Reader outer{value};
  const auto content = outer.take(der::sequence);
  if (!content || !outer.at_end()) return std::nullopt;
  der::Reader reader{*content};
  BasicConstraints all;
  if (const auto authority = reader.take(der::boolean))
    all.authority = authority->size() == 1 && authority->front() != std::byte{0};
  if (const auto length = reader.take(der::integer)) {
    all.path_length = der::small_integer(*length);
    if (!all.path_length) return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  return all;
}

std::optional<KeyUsage> key_usage_of(BytesView value) {
  der::Reader reader{value};
  const auto content = reader.take(der::bit_string);
  if (!content || content->empty() || !reader.at_end()) return std::nullopt;
  KeyUsage usage;
  for (std::size_t bit = 0; bit < 9 && bit / 8 + 1 < content->size(); ++bit)
    if ((std::to_integer<unsigned>((*content)[bit / 8 + 1]) >> (7 - bit % 8) & 1U) != 0)
      usage.bits |= 1U << bit;
  return usage;
}

std::optional<std::vector<std::string>> purposes_of(BytesView value) {
  const auto elements = der::sequence_of(value);
  if (!elements) return std::nullopt;
  std::vector<std::string> all;
  for (const auto& element : *elements) {
    if (element.tag != der::object_identifier) return std::nullopt;
    all.push_back(der::oid_text(element.content));
  }
  return all;
}

std::optional<AuthorityKey> authority_key_of(BytesView value) {
  const auto elements = der::sequence_of(value);
  if (!elements) return std::nullopt;
  AuthorityKey key;
  for (const auto& element : *elements) {
    if (element.tag == der::context(0))
      key.id = element.content;
    else if (element.tag == der::context(1, true))
      key.names_issuer = true;
    else if (element.tag == der::context(2))
      key.names_serial = true;
    else
      return std::nullopt;
  }
  return key;
}

std::optional<BytesView> subject_key_of(BytesView value) {
  der::Reader reader{value};
  const auto id = reader.take(der::octet_string);
  return reader.at_end() ? id : std::nullopt;
}

std::optional<std::vector<Subtree>> subtrees_of(BytesView content) {
  const auto elements = der::children(content);
  if (!elements) return std::nullopt;
  std::vector<Subtree> all;
  for (const auto& element : *elements) {
    const auto parts = der::children(element.content);
    if (!parts || parts->empty()) return std::nullopt;
    auto base = general_name(parts->front());
    if (!base) return std::nullopt;
    Subtree tree{*std::move(base)};
    for (const auto& part : std::span{*parts}.subspan(1)) {
      if (part.tag == der::context(0)) tree.has_minimum = der::small_integer(part.content) != 0;
      if (part.tag == der::context(1)) tree.has_maximum = true;
    }
    all.push_back(std::move(tree));
  }
  return all;
}

std::optional<NameConstraints> name_constraints_of(BytesView value) {
  const auto elements = der::sequence_of(value);
  if (!elements) return std::nullopt;
  NameConstraints all;
  for (const auto& element : *elements) {
    auto trees = subtrees_of(element.content);
    if (!trees) return std::nullopt;
    if (element.tag == der::context(0, true)) {
      all.has_permitted = true;
      all.permitted = *std::move(trees);
    } else if (element.tag == der::context(1, true)) {
      all.has_excluded = true;
      all.excluded = *std::move(trees);
    } else {
      return std::nullopt;
    }
  }
  return all;
}

std::optional<std::vector<Policy>> policies_of(BytesView value) {
  const auto elements = der::sequence_of(value);
  if (!elements) return std::nullopt;
  std::vector<Policy> all;
  for (const auto& element : *elements) {
    der::Reader reader{element.content};
    const auto type = reader.take(der::object_identifier);
    if (!type) return std::nullopt;
    Policy policy{der::oid_text(*type), {}};
    if (const auto content = reader.take(der::sequence)) {
      const auto qualifiers = der::children(*content);
      if (!qualifiers) return std::nullopt;
      for (const auto& one : *qualifiers) {
        der::Reader inside{one.content};
        const auto kind = inside.take(der::object_identifier);
        if (!kind) return std::nullopt;
        policy.qualifiers.push_back({der::oid_text(*kind), inside.next()});
      }
    }
    all.push_back(std::move(policy));
  }
  return all;
}

std::optional<std::vector<Access>> access_of(BytesView value) {
  const auto elements = der::sequence_of(value);
  if (!elements) return std::nullopt;
  std::vector<Access> all;
  for (const auto& element : *elements) {
    const auto parts = der::children(element.content);
    if (!parts || parts->size() != 2) return std::nullopt;
    auto location = general_name((*parts)[1]);
    if (!location) return std::nullopt;
    all.push_back({der::oid_text((*parts)[0].content), *std::move(location)});
  }
  return all;
}

std::optional<DistributionPoint> distribution_point_of(BytesView content) {
  const auto parts = der::children(content);
  if (!parts) return std::nullopt;
  DistributionPoint point;
  for (const auto& part : *parts) {
    if (part.tag == der::context(0, true)) {
      point.has_point = true;
      der::Reader reader{part.content};
      if (const auto full = reader.take(der::context(0, true))) {
        const auto elements = der::children(*full);
        auto names = elements ? general_names(*elements) : std::nullopt;
        if (!names) return std::nullopt;
        point.names = *std::move(names);
      }
    }
    point.has_reasons = point.has_reasons || part.tag == der::context(1);
    point.has_issuer = point.has_issuer || part.tag == der::context(2, true);
  }
  return point;
}

std::optional<std::vector<DistributionPoint>> distribution_points_of(BytesView value) {
  const auto elements = der::sequence_of(value);
  if (!elements) return std::nullopt;
  std::vector<DistributionPoint> all;
  for (const auto& element : *elements) {
    auto point = distribution_point_of(element.content);
    if (!point) return std::nullopt;
    all.push_back(*std::move(point));
  }
  return all;
}

Moment moment_of(const Element& element) {
  auto text = string_of(element.content);
  const auto at = parse_time(element.tag, text);
  return {element.tag, std::move(text), at};
}

BytesView without_zeros(BytesView number) {
  while (!number.empty() && number.front() == std::byte{0}) number = number.subspan(1);
  return number;
}

Error no_certificate(std::string_view what) {
  return Error{Code::invalid_input, "this is no certificate: " + std::string{what}};
}

}  // namespace

std::optional<Instant> parse_time(std::uint8_t tag, std::string_view text) {
  const std::size_t year_digits = tag == der::generalized_time ? 4 : 2;
  if ((tag != der::utc_time && tag != der::generalized_time) || text.size() != year_digits + 11 ||
      text.back() != 'Z')
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = -1;
    const auto* end = text.data() + at + count;
    const auto result = std::from_chars(text.data() + at, end, value);
    return result.ptr == end ? value : -1;
  };
  int year = number(0, year_digits);
  if (tag == der::utc_time && year >= 0) year += year < 50 ? 2000 : 1900;
  const int month = number(year_digits, 2);
  const int day = number(year_digits + 2, 2);
  const int hour = number(year_digits + 4, 2);
  const int minute = number(year_digits + 6, 2);
  const int second = number(year_digits + 8, 2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 0 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59)
    return std::nullopt;
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second};
}

std::optional<GeneralName> general_name(const Element& element) {
  const unsigned number = element.tag & 0x1FU;
  if ((element.tag & 0xC0U) != 0x80U || number > 8) return std::nullopt;
  const auto kind = static_cast<GeneralName::Kind>(number);
  const bool constructed = (element.tag & 0x20U) != 0;
  // X.400 and EDI names occur in both forms and nobody reads them.
  const bool expected = kind == GeneralName::other || kind == GeneralName::directory;
  if (constructed != expected && kind != GeneralName::x400 && kind != GeneralName::edi)
    return std::nullopt;
  return GeneralName{kind, string_of(element.content)};
}

std::vector<std::string> Name::all(std::string_view type) const {
  std::vector<std::string> values;
  for (const auto& one : attributes)
    if (one.type == type) values.push_back(one.value);
  return values;
}

Result<View> View::parse(BytesView der) {
  if (der.size() > largest_certificate)
    return Error{Code::too_many, "a certificate has at most 256 KiB; this is longer"};
  View view;
  view.bytes_ = std::make_shared<const Bytes>(bytes::copy(der));
  TRY(view.read());
  view.read_extensions();
  return view;
}

Outcome View::read() {
  const auto outer = der::sequence_of(*bytes_);
  if (!outer || outer->size() != 3 || (*outer)[0].tag != der::sequence)
    return no_certificate("its outermost parts do not hold together");
  der::Reader tbs{(*outer)[0].content};
  if (const auto tagged = tbs.take(der::context(0, true))) {
    der::Reader inside{*tagged};
    const auto number = inside.take(der::integer);
    version = number ? static_cast<int>(der::small_integer(*number).value_or(-2)) + 1 : -1;
  }
  const auto serial_number = tbs.take(der::integer);
  if (!serial_number) return no_certificate("it has no serial number");
  serial = *serial_number;
  std::vector<Element> parts;
  for (int i = 0; i < 5; ++i) {
    const auto part = tbs.next();
    if (!part) return no_certificate("it ends too early");
    parts.push_back(*part);
  }
  auto inner = algorithm_of(parts[0]);
  auto outer_algorithm = algorithm_of((*outer)[1]);
  auto issuer_name = name_of(parts[1]);
  auto subject_name = name_of(parts[3]);
  const auto times = der::children(parts[2].content);
  der::Reader spki{parts[4].content};
  const auto key_algorithm = spki.next();
  auto algorithm = key_algorithm ? algorithm_of(*key_algorithm) : std::nullopt;
  const auto bits = spki.take(der::bit_string);
  if (!inner || !outer_algorithm) return no_certificate("its signature algorithm is malformed");
  if (!issuer_name || !subject_name) return no_certificate("a name in it is malformed");
  if (!times || times->size() != 2) return no_certificate("its dates are malformed");
  if (!algorithm || !bits || bits->empty()) return no_certificate("its public key is malformed");
  inner_signature = *std::move(inner);
  outer_signature = *std::move(outer_algorithm);
  issuer = *std::move(issuer_name);
  subject = *std::move(subject_name);
  from = moment_of((*times)[0]);
  until = moment_of((*times)[1]);
  key = *std::move(algorithm);
  key_bits = bits->subspan(1);
  if ((*outer)[2].tag == der::bit_string && !(*outer)[2].content.empty())
    signature = (*outer)[2].content.subspan(1);
  for (const unsigned number : {1U, 2U})
    if (tbs.take(der::context(number))) has_unique_id = true;
  if (const auto wrapped = tbs.take(der::context(3, true))) {
    const auto all = der::sequence_of(*wrapped);
    if (!all) return no_certificate("its extensions are malformed");
    for (const auto& element : *all) {
      auto extension = extension_of(element);
      if (!extension) return no_certificate("one of its extensions is malformed");
      extensions.push_back(*std::move(extension));
    }
  }
  return tbs.at_end() ? Outcome{} : no_certificate("there is more in it than may be");
}

void View::read_extensions() {
  const auto decode = [this](std::string_view type, auto& slot, auto function) {
    if (const auto* extension = find(type)) {
      slot.present = true;
      slot.value = function(extension->value);
    }
  };
  const auto names_of = [](BytesView value) { return general_names(value); };
  decode(oid::basic_constraints, basic_constraints, basic_constraints_of);
  decode(oid::key_usage, key_usage, key_usage_of);
  decode(oid::extended_key_usage, extended_key_usage, purposes_of);
  decode(oid::subject_alternative_name, alternative_names, names_of);
  decode(oid::issuer_alternative_name, issuer_names, names_of);
  decode(oid::authority_key_identifier, authority_key, authority_key_of);
  decode(oid::subject_key_identifier, subject_key, subject_key_of);
  decode(oid::name_constraints, name_constraints, name_constraints_of);
  decode(oid::certificate_policies, policies, policies_of);
  decode(oid::authority_information_access, authority_access, access_of);
  decode(oid::crl_distribution_points, distribution_points, distribution_points_of);
}

const Extension* View::find(std::string_view type) const {
  const auto found = std::ranges::find(extensions, type, &Extension::type);
  return found == extensions.end() ? nullptr : &*found;
}

bool View::is_critical(std::string_view type) const {
  const auto* extension = find(type);
  return extension != nullptr && extension->critical;
}

bool View::is_self_issued() const {
  return !subject.empty() && std::ranges::equal(subject.der, issuer.der);
}

std::vector<std::string> View::names(GeneralName::Kind kind) const {
  std::vector<std::string> all;
  if (!alternative_names) return all;
  for (const auto& name : *alternative_names)
    if (name.kind == kind) all.push_back(name.value);
  return all;
}

bool View::has_purpose(std::string_view purpose) const {
  return extended_key_usage &&
         std::ranges::find(*extended_key_usage, purpose) != extended_key_usage->end();
}

bool View::has_policy(std::string_view policy) const {
  return policies && std::ranges::find(*policies, policy, &Policy::type) != policies->end();
}

std::string name_text(const Name& name) {
  static constexpr std::pair<std::string_view, std::string_view> short_names[] = {
      {"2.5.4.3", "CN"},
      {"2.5.4.6", "C"},
      {"2.5.4.7", "L"},
      {"2.5.4.8", "ST"},
      {"2.5.4.10", "O"},
      {"2.5.4.11", "OU"},
      {"0.9.2342.19200300.100.1.25", "DC"}};
  std::string text;
  for (const auto& one : name.attributes) {
    const auto* known =
        std::ranges::find(short_names, one.type, [](const auto& p) { return p.first; });
    text += (text.empty() ? "" : ", ");
    text += known == std::end(short_names) ? one.type : std::string{known->second};
    text += "=";
    for (const char c : one.value.substr(0, 128))
      text += c >= 0x20 && c < 0x7F && c != '\\' ? std::string{c}
                                                 : "\\" + bytes::hex(bytes::of({&c, 1}));
  }
  return text.empty() ? "(no name)" : text;
}

std::size_t RsaKey::bits() const {
  if (modulus.empty()) return 0;
  return modulus.size() * 8 -
         static_cast<std::size_t>(std::countl_zero(std::to_integer<std::uint8_t>(modulus.front())));
}

std::optional<RsaKey> rsa_key(const View& view) {
  if (view.key.type != oid::rsa && view.key.type != oid::rsa_pss) return std::nullopt;
  const auto parts = der::sequence_of(view.key_bits);
  if (!parts || parts->size() != 2 || (*parts)[0].tag != der::integer ||
      (*parts)[1].tag != der::integer)
    return std::nullopt;
  return RsaKey{without_zeros((*parts)[0].content), without_zeros((*parts)[1].content)};
}

std::string curve_of(const View& view) {
  if (view.key.type != oid::ec || !view.key.parameters ||
      view.key.parameters->tag != der::object_identifier)
    return {};
  return der::oid_text(view.key.parameters->content);
}

}  // namespace sp::certs
