#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

constexpr std::size_t most_file = 64U << 10U;

struct Options {
  std::string id;
  std::vector<std::string> names, sites, seen_by;
  std::string directory, ca_roots, contact, profile, external_id, external_key;
  std::string name_server, zone, dns_key, hook;
  bool agree_terms = false;
};

Outcome list(const Context& context) {
  auto api = TRY(Api::open(context));
  const auto page = TRY(api.call("GET", "/certificates"));
  if (context.json) return say(page.dump()), Outcome{};
  auto items = page.at("items");
  for (auto& one : items)
    one["site"] = one.at("owner").is_null() ? Json("core") : one["owner"]["name"];
  print_table(items, {"site", "place", "light", "days_left", "not_after", "renewed_by", "reason"});
  return {};
}

std::string joined(const Json& texts) {
  std::string out;
  for (const auto& one : texts) out += (out.empty() ? "" : ", ") + one.get<std::string>();
  return out;
}

// A row for each certificate, because each has a state of its own.
void print(const Json& orders) {
  Json rows = Json::array();
  for (const auto& order : orders)
    for (auto row : order.at("certificates")) {
      row["id"] = order.at("id");
      row["names"] = joined(order.at("names"));
      row["site"] = row.at("edge").at("name");
      rows.push_back(std::move(row));
    }
  print_table(rows, {"id", "site", "names", "state", "failures", "next", "not_after", "problem"});
}

Outcome orders(const Context& context) {
  auto api = TRY(Api::open(context));
  const auto page = TRY(api.call("GET", "/certificate-orders"));
  if (context.json) return say(page.dump()), Outcome{};
  print(page.at("items"));
  return {};
}

// The content of a file that is a secret, or PEM, as a member.
Outcome put_file(Json& body, const char* member, const std::string& path) {
  if (path.empty()) return {};
  const auto content = TRY(read_secret_file(path, most_file));
  body[member] = std::string{bytes::text(content.expose())};
  return {};
}

void put(Json& body, const char* member, const std::string& text) {
  if (!text.empty()) body[member] = text;
}

Outcome order(const Context& context, const Options& options) {
  Json body{{"names", options.names},
            {"directory", options.directory},
            {"terms_agreed", options.agree_terms}};
  if (!options.sites.empty()) body["edges"] = options.sites;
  put(body, "contact", options.contact);
  put(body, "profile", options.profile);
  put(body, "external_id", options.external_id);
  TRY(put_file(body, "ca_roots", options.ca_roots));
  TRY(put_file(body, "external_key", options.external_key));
  const bool by_dns = !options.name_server.empty() || !options.hook.empty();
  body["challenge"] = by_dns ? "dns-01" : "http-01";
  put(body, "name_server", options.name_server);
  put(body, "zone", options.zone);
  put(body, "hook", options.hook);
  if (!options.seen_by.empty()) body["seen_by"] = options.seen_by;
  TRY(put_file(body, "dns_key", options.dns_key));
  auto api = TRY(Api::open(context));
  const auto made = TRY(api.call("POST", "/certificate-orders", body));
  if (context.json) return say(made.dump()), Outcome{};
  print(Json::array({made}));
  hint("sallyport certificates orders shows how it stands");
  return {};
}

Outcome act(const Context& context, const Options& options, const char* method, const char* path,
            const char* done) {
  auto api = TRY(Api::open(context));
  const auto answer =
      TRY(api.call(method, "/certificate-orders/" + query_value(options.id) + path));
  say(context.json ? answer.dump() : options.id + ": " + done);
  return {};
}

void describe_order(commandline::App& command, Options& options) {
  command.add_option("--name", options.names, "A DNS name, *.NAME, or an IP address")->required();
  command.add_option("--site", options.sites,
                     "Name of a site; default: all whose public address is among the names");
  command.add_option("--directory", options.directory, "The CA's ACME directory: https://...")
      ->required();
  command.add_flag("--agree-terms", options.agree_terms, "The CA's terms were read and agreed to");
  command.add_option("--contact", options.contact, "Mail address that the CA may write to");
  command.add_option("--profile", options.profile, "One of the CA's profiles");
  command.add_option("--ca-roots", options.ca_roots,
                     "File (PEM) with whom the CA's server is trusted by; default: the system's");
  command.add_option("--eab-id", options.external_id, "Key id of an external account");
  command.add_option("--eab-key-file", options.external_key, "File with its key, base64url");
  command.add_option("--name-server", options.name_server,
                     "Prove by DNS: the primary server that takes updates; else by HTTP");
  command.add_option("--dns-key-file", options.dns_key,
                     "File with the TSIG key, as of tsig-keygen");
  command.add_option("--zone", options.zone, "The zone; default: the name server is asked");
  command.add_option("--seen-by", options.seen_by, "A name server that must show the record");
  command.add_option("--hook", options.hook,
                     "Prove by DNS: a program in the folder hooks beside the core's root key");
}

}  // namespace

void add_certificates(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("certificates", "Certificates, and those ordered from a CA");
  add_default_command(*command, "list", "All certificates with their light and its reason", context,
                      [&context] { return list(context); });
  add_command(*command, "orders", "What is ordered from public CAs, and how it stands", context,
              [&context] { return orders(context); });
  auto* ordering = add_command(*command, "order", "Order a certificate for one or several sites",
                               context, [options, &context] { return order(context, *options); });
  describe_order(*ordering, *options);
  const auto sub = [&](const char* name, const char* what, const char* method, const char* path,
                       const char* done) {
    add_command(*command, name, what, context,
                [options, &context, method, path, done] {
                  return act(context, *options, method, path, done);
                })
        ->add_option("order", options->id, "Its id")
        ->required();
  };
  sub("retry", "Try now what failed", "POST", "/retry", "begun");
  sub("renew", "Renew now, before it is due", "POST", "/renew", "begun");
  sub("cancel", "Forget an order; what is shown stays, and is renewed no more", "DELETE", "",
      "forgotten");
}

}  // namespace sp::cli
