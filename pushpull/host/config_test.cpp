#include "pushpull/host/config.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::pushpull;

namespace {

const std::string whole = R"toml(
[public]
url = "https://edge.example.test"
listen = "0.0.0.0:443"
certificate = "edge.crt"
key = "/keys/edge.key"
proxies = ["127.0.0.1", "2001:DB8:0::1"]
proxy_protocol = true
[intake]
listen = "127.0.0.1:9443"
certificate = "intake.crt"
key = "intake.key"
[data]
directory = "data"
[limits]
connections = 77
disk_reserve_mib = 5
[log]
level = "debug"
)toml";

const std::string path = "/etc/sallyport/edge.toml";

Result<HostConfig> read(const std::string& text) {
  auto file = TRY(config::File::parse(text, path));
  auto out = read_host_config(file);
  TRY(file.finish());
  return out;
}
std::string refusal(const std::string& text) {
  const auto config = read(text);
  return config ? "accepted" : config.error().detail().substr(path.size());
}
std::string changed(const std::string& from, const std::string& to) {
  auto text = whole;
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("an edge's settings are read, and its paths count from their folder", "[host]") {
  const auto config = read(whole);

  REQUIRE(config);
  CHECK(config->public_side.certificate == "/etc/sallyport/edge.crt");
  CHECK(config->public_side.key == "/keys/edge.key");
  CHECK(config->directory == "/etc/sallyport/data");
  CHECK(config->proxies == std::vector<std::string>{"127.0.0.1", "2001:db8::1"});
  CHECK(config->proxy_protocol);
  CHECK(config->limits.connections == 77);
  CHECK(config->disk_reserve == std::uint64_t{5} << 20U);
  CHECK(config->log_level == log::Level::debug);
}

TEST_CASE("what is wrong with an edge's settings is said by line and name", "[host]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {whole + "more = 1\n",
       ":20: log.more is not a setting of this program; correct its name or remove it"},
      {"[publik]\n" + whole,
       ":1: publik is not a setting of this program; correct its name or remove it"},
      {changed("https://edge", "http://edge"), ":3: public.url must begin with https://"},
      {changed("proxies = [\"127.0.0.1\", \"2001:DB8:0::1\"]\n", ""),
       ":7: public.proxy_protocol needs public.proxies, the addresses that it is accepted from"},
      {changed("2001:DB8:0::1", "proxy.example"),
       ":7: public.proxies must be IP addresses, which proxy.example is not"},
      {changed("listen = \"0.0.0.0:443\"\n", ""),
       ": public.listen is missing; set it to text in quotes"},
      {changed("directory = \"data\"", ""),
       ": data.directory is missing; set it to text in quotes"},
      {changed("= 77", "= 0"), ":16: limits.connections must be from 1 to 2147483647"},
      {changed("\"debug\"", "\"loud\""),
       ":19: log.level must be one of \"debug\", \"info\", \"warning\", \"error\""},
  }));

  CHECK(refusal(text) == expected);
}
