#include "certs/authority/idn.h"

#include "base/testing/catch.h"
#include "certs/authority/host.h"

namespace sp::certs {
namespace {

TEST_CASE("labels become what the DNS carries", "[certs]") {
  struct Row {
    const char* written;
    const char* carried;
  };
  // The examples are of RFC 3492 section 7.1 and of the UTS 46 conformance data.
  const auto row = GENERATE(
      Row{"Portal", "portal"}, Row{"bücher", "xn--bcher-kva"}, Row{"BÜCHER", "xn--bcher-kva"},
      Row{"bu\xCC\x88"
          "cher",
          "xn--bcher-kva"},
      Row{"faß", "xn--fa-hia"}, Row{"münchen", "xn--mnchen-3ya"},
      Row{"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
      Row{"почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
      Row{"3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"}, Row{"ｅｘａｍｐｌｅ", "example"},
      Row{"xn--bcher-kva", "xn--bcher-kva"}, Row{"☃", ""},
      Row{"a\xE2\x80\x8D"
          "ü",
          ""},
      Row{"ü b", ""}, Row{"\xFF", ""});

  const auto got = to_a_label(row.written);

  CHECK((got ? *got : "") == row.carried);
}

TEST_CASE("a URL says which host a certificate is for", "[certs]") {
  const auto host = [](std::string_view url) {
    const auto got = Host::of_url(url);
    return got ? got->text : std::string{"refused"};
  };
  CHECK(host("https://Portal.Example/") == "portal.example");
  CHECK(host("https://portal.example:8443/m/x?y#z") == "portal.example");
  CHECK(host("https://B\xC3\xBC"
             "cher.example") == "xn--bcher-kva.example");
  CHECK(host("https://[2001:DB8::0:1]:443/a") == "2001:db8::1");
  CHECK(host("2001:db8::1") == "2001:db8::1");
  CHECK(host("192.0.2.7:443") == "192.0.2.7");
  CHECK(host("*.portal.example") == "*.portal.example");
  CHECK(host("portal.example.") == "portal.example");

  CHECK(host("http://portal.example") == "refused");
  CHECK(host("https://user@portal.example") == "refused");
  CHECK(host("https://") == "refused");
  CHECK(host("https://portal.example:x/") == "refused");
  CHECK(host("https://portal.example:70000/") == "refused");
  CHECK(host("https://[::1") == "refused");
}

}  // namespace
}  // namespace sp::certs
