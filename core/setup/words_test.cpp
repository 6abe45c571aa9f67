#include "core/setup/words.h"

#include "base/testing/catch.h"

using namespace sp;

namespace {

const core::Standing values{"https://sallyport.example.com:8443",
                            "10.0.0.5:8443",
                            "/data/site.crt",
                            "/data/site.key",
                            "/data/root.key",
                            "",
                            "postgresql://sallyport@db.example.com/sallyport"};

}  // namespace

TEST_CASE("a fresh configuration holds what was answered and nothing empty", "[setup]") {
  const auto text = core::configuration("", values);

  CHECK(text.find("[site]\nurl = \"https://sallyport.example.com:8443\"\nlisten = "
                  "\"10.0.0.5:8443\"\ncertificate = \"/data/site.crt\"\nkey = "
                  "\"/data/site.key\"\n\n[database]\n") != std::string::npos);
  CHECK(text.find("web_root") == std::string::npos);
}

TEST_CASE("a configuration that stands keeps what set-up does not know", "[setup]") {
  const auto text =
      core::configuration("[site]\nthreads = 9 # many\n[embedded]\nedge = \"e\"\n", values);

  CHECK(text.find("threads = 9 # many\n") != std::string::npos);
  CHECK(text.find("[embedded]\nedge = \"e\"\n") != std::string::npos);
  CHECK(core::configuration(text, values) == text);
}

TEST_CASE("the firewall's words name what this core really uses", "[setup]") {
  const auto words = core::firewall_words(values, "mail.example.com", "587");

  CHECK(words.find("10.0.0.5:8443") != std::string::npos);
  CHECK(words.find("mail.example.com port 587") != std::string::npos);
  CHECK(words.find("db.example.com, usually") != std::string::npos);
  CHECK(core::firewall_words({}, "", "").find("mail") == std::string::npos);
}

TEST_CASE("only a port below 1024 needs a capability", "[setup]") {
  CHECK(core::port_drop_in(8443).empty());
  CHECK(core::port_drop_in(443).find("CAP_NET_BIND_SERVICE") != std::string::npos);
}
