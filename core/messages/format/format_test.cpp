#include <algorithm>

#include "base/testing/catch.h"
#include "base/testing/counting_random.h"
#include "core/messages/format/content_reader.h"
#include "core/messages/format/padding.h"
#include "core/messages/format/seal.h"
#include "core/messages/format/vectors_json.h"

using namespace sp;
using namespace sp::messages;
using sp::messages::testing::load_vectors;
using sp::messages::testing::Vector;

namespace {

Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
std::string text(const Secret& value) {
  return std::string{bytes::text(value.expose())};
}

Source from(BytesView data, std::size_t piece) {
  return [data, piece](std::span<std::byte> out) mutable -> Result<std::size_t> {
    const auto count = std::min({data.size(), piece, out.size()});
    std::ranges::copy(data.first(count), out.begin());
    data = data.subspan(count);
    return count;
  };
}

Keys keys_of(const Vector& vector) {
  Stretcher stretcher;
  StretchedPassphrase pass;
  if (vector.passphrase) {
    pass = *stretcher.stretch(*vector.passphrase, vector.salt, vector.cost);
  }
  return derive_keys(vector.id, vector.link, pass);
}

struct Opened {
  Content content;
  std::vector<Bytes> files;
};
Result<Opened> open_all(const ContentKey& key, const MessageId& id, BytesView sealed,
                        std::size_t piece) {
  Opened out;
  TRY(open_content(
      key, id, from(sealed, piece),
      [&](const Content& content) -> Outcome {
        out.files.resize(content.files.size());
        out.content.text = Secret::copy_of(content.text.expose());
        for (const auto& field : content.fields)
          out.content.fields.push_back(
              {field.name, Secret::copy_of(field.value.expose()), field.secret});
        out.content.files = content.files;
        return {};
      },
      [&](std::size_t index, BytesView data) -> Outcome {
        bytes::append(out.files.at(index), data);
        return {};
      }));
  return out;
}

Result<Bytes> seal_all(const ContentKey& key, const MessageId& id, const Content& content,
                       BytesView files) {
  Bytes out;
  TRY(seal(key, id, content, from(files, 1000), [&](BytesView segment) -> Outcome {
    bytes::append(out, segment);
    return {};
  }));
  return out;
}

bool same(const Content& a, const Content& b) {
  const auto same_field = [](const Field& x, const Field& y) {
    return x.name == y.name && x.value == y.value && x.secret == y.secret;
  };
  const auto same_file = [](const File& x, const File& y) {
    return x.name == y.name && x.type == y.type && x.size == y.size;
  };
  return a.text == b.text && std::ranges::equal(a.fields, b.fields, same_field) &&
         std::ranges::equal(a.files, b.files, same_file);
}

struct Small {
  MessageId id{};
  ContentKey key;
  Bytes sealed;
};
Small small_message() {
  sp::testing::CountingRandom random;
  Small out{MessageId::random(random), {random.secret(32)}, {}};
  Content content;
  content.text = secret("short");
  out.sealed = *seal_all(out.key, out.id, content, {});
  return out;
}

}  // namespace

TEST_CASE("keys and proofs are those of another implementation", "[message]") {
  const auto vectors = load_vectors();
  REQUIRE(vectors.size() >= 12);
  for (const auto& vector : vectors) {
    INFO(vector.name);
    const auto keys = keys_of(vector);
    CHECK(std::ranges::equal(keys.link_proof, vector.link_proof));
    CHECK(std::ranges::equal(keys.pass_proof, vector.pass_proof));
    CHECK(std::ranges::equal(keys.content.value.expose(), vector.content_key));
  }
}

TEST_CASE("what another implementation sealed opens, in pieces of any size", "[message]") {
  for (const auto& vector : load_vectors()) {
    const ContentKey key{Secret::copy_of(vector.content_key)};
    for (const std::size_t piece : {std::size_t{1} << 16, std::size_t{4093}}) {
      INFO(vector.name << ", piece " << piece);
      const auto opened = open_all(key, vector.id, vector.sealed, piece);
      REQUIRE(opened.has_value());
      CHECK(same(opened->content, vector.content));
      CHECK(opened->files == vector.files);
    }
  }
}

TEST_CASE("sealing gives the bytes that another implementation gives", "[message]") {
  for (const auto& vector : load_vectors()) {
    if (vector.name.find("line ends") != std::string::npos) continue;  // JSON escapes may differ
    INFO(vector.name);
    Bytes files;
    for (const auto& file : vector.files) bytes::append(files, file);
    const auto sealed =
        seal_all({Secret::copy_of(vector.content_key)}, vector.id, vector.content, files);
    REQUIRE(sealed.has_value());
    CHECK(*sealed == vector.sealed);
    CHECK(*sealed_size(vector.content) == vector.sealed.size());
  }
}

TEST_CASE("control characters and quotes survive the header", "[message]") {
  Content content;
  content.text = secret("a\"b\\c\n\r\t\x01/\u00fc");
  const auto header = encode_header(content);
  REQUIRE(header.has_value());
  CHECK(decode_header(*header)->text == content.text);
}

TEST_CASE("every flipped bit is noticed", "[message]") {
  auto message = small_message();
  for (std::size_t bit = 0; bit < message.sealed.size() * 8; bit += 7) {
    message.sealed[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    CHECK(open_all(message.key, message.id, message.sealed, 512).error().code() == Code::corrupt);
    message.sealed[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  }
}

TEST_CASE("every cut and every added byte is noticed", "[message]") {
  auto message = small_message();
  for (std::size_t size = 0; size < message.sealed.size(); ++size)
    CHECK_FALSE(open_all(message.key, message.id, BytesView{message.sealed}.first(size), 512));
  message.sealed.push_back(std::byte{0});
  CHECK_FALSE(open_all(message.key, message.id, message.sealed, 512));
}

TEST_CASE("segments that were dropped, swapped or cut at an edge are noticed", "[message]") {
  const auto vectors = load_vectors();
  const auto& last = vectors.back();
  const ContentKey key{Secret::copy_of(last.content_key)};
  constexpr std::size_t step = segment_size + 16;
  const BytesView sealed{last.sealed};
  REQUIRE(sealed.size() == 2 * step);
  Bytes swapped = bytes::copy(sealed.subspan(step));
  bytes::append(swapped, sealed.first(step));

  CHECK_FALSE(open_all(key, last.id, sealed.first(step), 4096));
  CHECK_FALSE(open_all(key, last.id, sealed.subspan(step), 4096));
  CHECK_FALSE(open_all(key, last.id, swapped, 4096));
}

TEST_CASE("another message's id does not open the content", "[message]") {
  const auto message = small_message();
  auto other = message.id;
  other.bytes[15] ^= std::byte{1};

  CHECK_FALSE(open_all(message.key, other, message.sealed, 512));
}

TEST_CASE("files longer or shorter than said are refused", "[message]") {
  const auto message = small_message();
  Content content;
  content.files.push_back({"f", "", 4});

  CHECK_FALSE(seal_all(message.key, message.id, content, bytes::of("123")));
  CHECK_FALSE(seal_all(message.key, message.id, content, bytes::of("12345")));
  CHECK(seal_all(message.key, message.id, content, bytes::of("1234")).has_value());
}

TEST_CASE("headers that break the form are refused", "[message]") {
  const std::string_view bad[] = {
      "",
      "null",
      "[]",
      "{}",
      "{\"v\":1}",
      R"({"v":2,"text":"","fields":[],"files":[]})",
      R"({"v":1,"text":"","fields":[],"files":[],"more":1})",
      R"({"v":1,"text":1,"fields":[],"files":[]})",
      R"({"v":1,"text":"","fields":{},"files":[]})",
      R"({"v":1,"text":"","fields":[{"name":"a","value":"b"}],"files":[]})",
      R"({"v":1,"text":"","fields":[{"name":"a","value":"b","secret":1}],"files":[]})",
      R"({"v":1,"text":"","fields":[],"files":[{"name":"a","type":"","size":-1}]})",
      R"({"v":1,"text":"","fields":[],"files":[{"name":"a","type":"","size":1.5}]})",
      R"({"v":1,"text":"","fields":[],"files":[{"name":"a","type":"","size":104857601}]})",
      R"({"v":1,"text":"","fields":[],"files":[]} )"
      "x",
  };
  for (const auto header : bad) {
    INFO(header);
    CHECK(decode_header(secret(header)).error().code() == Code::invalid_input);
  }
}

TEST_CASE("padding follows the format", "[message]") {
  CHECK(padded(0) == 1792);
  CHECK(padded(1792) == 1792);
  CHECK(padded(1793) == 1856);
  CHECK(padded(65536) == 65536);
  CHECK(padded(65537) == 67584);
  CHECK(padded(100'000'000) - 100'000'000 < 100'000'000 / 8);
  CHECK(sealed_size(65536) == 65552);
  CHECK(sealed_size(65537) == 65569);
}

TEST_CASE("a file name keeps its last component only", "[message]") {
  CHECK(safe_file_name("a.txt") == "a.txt");
  CHECK(safe_file_name("../../etc/passwd") == "passwd");
  CHECK(safe_file_name("C:\\temp\\x.exe") == "x.exe");
  CHECK(safe_file_name("..") == "file");
  CHECK(safe_file_name("dir/") == "file");
  CHECK(safe_file_name(std::string{"a\0b\nc", 5}) == "abc");
  CHECK(safe_file_name(std::string(300, 'x')).size() == 200);
}

TEST_CASE("a link is read back as it was made", "[message]") {
  sp::testing::CountingRandom random;
  const auto id = MessageId::random(random);
  const auto link = LinkSecret::random(random);
  const auto url = link_url("https://core.example/selfdestruct", id, link);

  const auto parsed = parse_link(text(url));

  REQUIRE(parsed.has_value());
  CHECK(parsed->portal == "https://core.example/selfdestruct");
  CHECK(parsed->id == id);
  CHECK(parsed->secret.value == link.value);
}

TEST_CASE("links of another form are refused", "[message]") {
  const std::string good =
      "https://p.example/m/fmDUQ1-WyVeFIr4B7RAiIA#8IMiUWpMf90-_RjiIwsPQG_Dr5JsX8F9GqmHeaxmYwQ";
  REQUIRE(parse_link(good).has_value());

  CHECK_FALSE(parse_link("http" + good.substr(5)));
  CHECK_FALSE(parse_link(good + "x"));
  CHECK_FALSE(parse_link(good.substr(0, good.find('#'))));
  CHECK_FALSE(parse_link("https:///m/" + good.substr(20)));
  CHECK_FALSE(parse_link(""));
}

TEST_CASE("stretching refuses settings and passphrases out of range", "[message]") {
  Stretcher stretcher;
  const Salt salt{};

  CHECK_FALSE(stretcher.stretch(secret(""), salt, {8192, 1}));
  CHECK_FALSE(stretcher.stretch(secret("p"), salt, {8191, 1}));
  CHECK_FALSE(stretcher.stretch(secret("p"), salt, {8192, 0}));
  CHECK_FALSE(stretcher.stretch(secret("p"), salt, {8192, 17}));
  CHECK_FALSE(stretcher.stretch(secret("\xff"), salt, {8192, 1}));
  CHECK(stretcher.stretch(secret("p"), salt, {8192, 1}).has_value());
}
