#pragma once
// What `sallyport sites`, `hosts` and `credentials` share. For .cpp files of core/cli alone: it
// shows nlohmann.

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/context.h"

namespace sp::commandline {
class App;
}

namespace sp::cli {

/// One option of a command and the member of the API that it fills.
struct Member {
  enum class Type : std::uint8_t {
    text,
    number,
    flag,  ///< --name and --no-name
    list,  ///< may be given several times
    file,  ///< the member is the file's content; - is standard input
  };
  const char* option;  ///< without its dashes
  const char* name;
  Type type;
  const char* help;
  bool none = false;  ///< `none` stands for null
};

/// The options of a command that were given, as a JSON object. Wipe what holds a secret.
class MemberOptions {
 public:
  MemberOptions(commandline::App& command, std::initializer_list<Member> members);
  ~MemberOptions();
  [[nodiscard]] Result<Json> given() const;

 private:
  struct Given;
  std::vector<std::unique_ptr<Given>> all_;
};

/// The words of one kind of thing.
struct Kind {
  const char* plural;                ///< "sites": of the API's paths, and the command
  const char* singular;              ///< "site"
  std::vector<const char*> columns;  ///< of its list
};

/// By id, by name, or SITE/NAME; whatever the case of the name.
Result<Json> find_one(Api& api, const Kind& kind, const std::string& which);
/// Every item of a list, page after page.
Result<Json> all_items(Api& api, const std::string& path);
/// An item as a table shows it: {id, name} as the name, lists with commas between.
Json flat(const Json& item);
void print_one(const Context& context, const Json& item);

/// list, show, remove, import, export, permissions, permit, forbid: the same for every kind. What
/// is added to `filters` ("site") narrows list and export.
void add_shared_commands(commandline::App& command, Context& context, const Kind& kind,
                         std::initializer_list<const char*> filters, bool imports);

}  // namespace sp::cli
