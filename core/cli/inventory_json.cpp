#include "core/cli/inventory_json.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

constexpr std::size_t most_file = std::size_t{4} << 20U;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Result<Secret> content_of(const std::string& path) {
  return path == "-" ? read_stdin(most_file) : read_secret_file(path, most_file);
}

std::string with(const std::string& path, const std::string& name, const std::string& value) {
  if (value.empty()) return path;
  return path + (path.find('?') == std::string::npos ? "?" : "&") + name + "=" + query_value(value);
}

struct Options {
  std::string which, person, until, part, file, out = "-", format = "csv";
  std::vector<std::string> rights;
  std::map<std::string, std::string> filters;
  bool dry_run = false, update = false;
};

// A filter by site takes the site's name as well.
Result<std::string> filtered(Api& api, const Options& options, std::string path) {
  path = with(path, "q", options.part);
  for (const auto& [name, value] : options.filters) {
    if (value.empty()) continue;
    if (name != "site") {
      path = with(path, name, value);
      continue;
    }
    const auto site = TRY(find_one(api, {"sites", "site", {}}, value));
    path = with(path, name, site.value("id", ""));
  }
  return path;
}

Outcome list(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto path = TRY(filtered(api, options, "/" + std::string{kind.plural} + "?limit=200"));
  const auto items = TRY(all_items(api, path));
  if (context.json) return say(Json{{"items", items}, {"next", nullptr}}.dump()), Outcome{};
  Json rows = Json::array();
  for (const auto& item : items) rows.push_back(flat(item));
  print_columns(rows, kind.columns);
  return {};
}

Outcome show(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  print_one(context, TRY(find_one(api, kind, options.which)));
  return {};
}

std::string path_of(const Kind& kind, const Json& item) {
  return "/" + std::string{kind.plural} + "/" + item.value("id", "");
}

Outcome remove(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto item = TRY(find_one(api, kind, options.which));
  TRY(api.call("DELETE", path_of(kind, item)));
  say(context.json ? Json{{"removed", item.value("id", "")}}.dump()
                   : item.value("name", "") + ": removed");
  return {};
}

Outcome write_all(int descriptor, std::span<const std::byte> piece) {
  while (!piece.empty()) {
    const auto count = ::write(descriptor, piece.data(), piece.size());
    if (count <= 0) return Error{Code::unavailable, "the export could not be written"};
    piece = piece.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Outcome export_all(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto path = TRY(
      filtered(api, options, "/" + std::string{kind.plural} + "/export?format=" + options.format));
  if (options.out == "-")
    return api.download(path, [](auto piece) { return write_all(STDOUT_FILENO, piece); });
  TRY(write_new_file(options.out, {}));
  const int file = ::open(options.out.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  auto done = api.download(path, [&](auto piece) { return write_all(file, piece); });
  if (::close(file) != 0 && done) return Error{Code::unavailable, options.out};
  return done;
}

// All of it or nothing: problems are told with their lines, and the command fails.
Outcome import(const Context& context, const Kind& kind, const Options& options) {
  const auto content = TRY(content_of(options.file));
  auto api = TRY(Api::open(context));
  auto path = "/" + std::string{kind.plural} + "/import";
  path = with(path, "dry_run", options.dry_run ? "true" : "");
  path = with(path, "update", options.update ? "true" : "");
  std::size_t at = 0;
  const auto answer =
      TRY(api.upload(path, content.size(), [&](std::span<std::byte> room) -> Result<std::size_t> {
        const auto piece = content.expose().subspan(at, std::min(room.size(), content.size() - at));
        std::ranges::copy(piece, room.begin());
        at += piece.size();
        return piece.size();
      }));
  if (context.json) say(answer.dump());
  for (const auto& one : answer.at("errors"))
    complain("line " + cell(one, "line") + ": " + cell(one, "field") + ": " + cell(one, "detail"));
  if (!answer.at("errors").empty())
    return Error{Code::invalid_input, "nothing was written: correct the file and import it again"};
  if (!context.json)
    say(cell(answer, "created") + " added, " + cell(answer, "changed") + " changed" +
        (options.dry_run ? " (a dry run: nothing was written)" : ""));
  return {};
}

Outcome permissions(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto item = TRY(find_one(api, kind, options.which));
  const auto answer = TRY(api.call("GET", path_of(kind, item) + "/permissions"));
  if (context.json) return say(answer.dump()), Outcome{};
  Json rows = Json::array();
  for (const auto& one : answer.at("items")) {
    rows.push_back(flat(one));
    rows.back()["person"] = one.value(Json::json_pointer{"/person/login"}, std::string{});
  }
  print_table(rows, {"person", "rights", "until", "given_by", "given_at"});
  return {};
}

Result<std::string> person_of(Api& api, const std::string& who) {
  const auto people = TRY(all_items(api, "/people?limit=200&q=" + query_value(who)));
  for (const auto& person : people)
    if (person.value("login", "") == lower(who) || person.value("id", "") == who)
      return person.value("id", "");
  return Error{Code::not_found, "nobody has the sign-in name " + who};
}

Outcome permit(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto item = TRY(find_one(api, kind, options.which));
  const auto person = TRY(person_of(api, options.person));
  Json body{{"rights", options.rights}};
  if (!options.until.empty()) body["until"] = options.until;
  const auto given = TRY(api.call("PUT", path_of(kind, item) + "/permissions/" + person, body));
  print_one(context, given);
  return {};
}

Outcome forbid(const Context& context, const Kind& kind, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto item = TRY(find_one(api, kind, options.which));
  const auto person = TRY(person_of(api, options.person));
  TRY(api.call("DELETE", path_of(kind, item) + "/permissions/" + person));
  if (!context.json) say(options.person + ": no right on " + item.value("name", "") + " any more");
  return {};
}

}  // namespace

struct MemberOptions::Given {
  Member member;
  commandline::Option* option = nullptr;
  std::string text{};
  std::int64_t number = 0;
  bool flag = false;
  std::vector<std::string> list{};
};

MemberOptions::~MemberOptions() = default;

MemberOptions::MemberOptions(commandline::App& command, std::initializer_list<Member> members) {
  for (const auto& member : members) {
    auto given = std::make_unique<Given>(Given{member});
    const auto dashed = "--" + std::string{member.option};
    switch (member.type) {
      case Member::Type::text:
      case Member::Type::file:
        given->option = command.add_option(dashed, given->text, member.help);
        break;
      case Member::Type::number:
        given->option = command.add_option(dashed, given->number, member.help);
        break;
      case Member::Type::flag:
        given->option =
            command.add_flag(dashed + ",!--no-" + member.option, given->flag, member.help);
        break;
      case Member::Type::list:
        given->option = command.add_option(dashed, given->list, member.help)->one_at_a_time();
        break;
    }
    all_.push_back(std::move(given));
  }
}

Result<Json> MemberOptions::given() const {
  Json out = Json::object();
  for (const auto& one : all_) {
    if (one->option->count() == 0) continue;
    const auto* name = one->member.name;
    const bool none = one->member.none &&
                      (one->text == "none" || (one->list.size() == 1 && one->list[0] == "none"));
    if (none)
      out[name] = one->member.type == Member::Type::list ? Json::array() : Json(nullptr);
    else if (one->member.type == Member::Type::file)
      out[name] = bytes::text(TRY(content_of(one->text)).expose());
    else if (one->member.type == Member::Type::text)
      out[name] = one->text;
    else if (one->member.type == Member::Type::number)
      out[name] = one->number;
    else if (one->member.type == Member::Type::flag)
      out[name] = one->flag;
    else
      out[name] = one->list;
  }
  return out;
}

Result<Json> all_items(Api& api, const std::string& path) {
  Json out = Json::array();
  std::string after;
  for (;;) {
    auto page = TRY(api.call("GET", with(path, "after", after)));
    for (auto& item : page.at("items")) out.push_back(std::move(item));
    if (!page.contains("next") || !page["next"].is_string()) return out;
    after = page["next"].get<std::string>();
  }
}

Result<Json> find_one(Api& api, const Kind& kind, const std::string& which) {
  const auto slash = which.find('/');
  const auto name = slash == std::string::npos ? which : which.substr(slash + 1);
  const auto site = slash == std::string::npos ? "" : lower(which.substr(0, slash));
  const auto path = "/" + std::string{kind.plural} + "?limit=200&q=";
  Json found;
  for (const auto& item : TRY(all_items(api, path + query_value(name)))) {
    if (lower(item.value("name", "")) != lower(name)) continue;
    if (!site.empty() && lower(item.value(Json::json_pointer{"/site/name"}, std::string{})) != site)
      continue;
    if (!found.is_null())
      return Error{Code::conflict, "several have the name " + which + ": give SITE/NAME or its id"};
    found = item;
  }
  if (!found.is_null()) return found;
  const bool id = which.size() == 22 && which.find_first_of("/?#%") == std::string::npos;
  if (!id) return Error{Code::not_found, "there is no " + std::string{kind.singular} + " " + which};
  return api.call("GET", "/" + std::string{kind.plural} + "/" + which);
}

Json flat(const Json& item) {
  Json out = Json::object();
  for (const auto& [name, value] : item.items()) {
    if (value.is_object() && value.contains("name")) {
      out[name] = value["name"];
    } else if (value.is_array()) {
      std::string all;
      for (const auto& one : value) {
        const auto text = one.is_string() ? one.get<std::string>() : one.value("name", "");
        all += (all.empty() ? "" : ",") + text;
      }
      out[name] = all;
    } else {
      out[name] = value;
    }
  }
  return out;
}

void print_one(const Context& context, const Json& item) {
  if (context.json) return say(item.dump());
  const auto shown = flat(item);
  for (const auto& [name, value] : shown.items()) print_member(shown, name.c_str());
}

void add_shared_commands(commandline::App& command, Context& context, const Kind& kind,
                         std::initializer_list<const char*> filters, bool imports) {
  auto options = std::make_shared<Options>();
  const std::string one = kind.singular, many = kind.plural;
  const auto bound = [&context, kind, options](auto work) {
    return [&context, kind, options, work] { return work(context, kind, *options); };
  };
  const auto sub = [&](const char* name, const std::string& what, auto work) {
    return add_command(command, name, what, context, bound(work));
  };
  const auto with_one = [&](commandline::App* added) {
    added->add_option(one, options->which, "Its name, SITE/NAME or id")->required();
    return added;
  };
  const auto with_filters = [&](commandline::App* added) {
    added->add_option("--search", options->part, "A part of its texts");
    for (const auto* filter : filters)
      added->add_option("--" + std::string{filter}, options->filters[filter],
                        "Only those of this " + std::string{filter});
    return added;
  };
  with_filters(add_default_command(command, "list", "All " + many + " that you may see", context,
                                   bound(list)));
  with_one(sub("show", "One " + one, show));
  with_one(sub("remove", "Remove a " + one, remove));
  auto* exporting = with_filters(sub("export", "All as CSV or JSON lines", export_all));
  exporting->add_option("--format", options->format, "csv or jsonl")
      ->one_of({"csv", "jsonl"})
      ->capture_default_str();
  exporting->add_option("--out", options->out, "A new file; - for standard output")
      ->capture_default_str();
  if (imports) {
    auto* importing =
        sub("import", "Add " + many + " from a CSV file: all of it or nothing", import);
    importing->add_option("file", options->file, "The file; - for standard input")->required();
    importing->add_flag("--dry-run", options->dry_run, "Say what would be, write nothing");
    importing->add_flag("--update", options->update, "Change those that are there already");
  }
  with_one(sub("permissions", "Who was given which rights on it", permissions));
  auto* giving = with_one(sub("permit", "Give a person rights, in place of those before", permit));
  giving->add_option("person", options->person, "Sign-in name")->required();
  giving->add_option("--rights", options->rights, "use, see, change; with commas between")
      ->delimiter(',')
      ->required();
  giving->add_option("--until", options->until, "When they end, such as 2027-01-31T00:00:00Z");
  with_one(sub("forbid", "Take a person's rights away", forbid))
      ->add_option("person", options->person, "Sign-in name")
      ->required();
}

}  // namespace sp::cli
