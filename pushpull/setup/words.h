#pragma once
// The texts that set-up reads, writes and says: values in, text out.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result/result.h"

namespace sp::pushpull {

using Texts = std::vector<std::string>;

/// A list of texts that stands in the settings of one kind of edge alone.
struct OwnList {
  std::string option;    ///< "--ports"
  std::string question;  ///< "Ports of hosts"
  std::string table, key;
  Texts otherwise;   ///< before anything stands
  std::string none;  ///< the answer for an empty list, such as "all"; empty: it must not be empty
  /// The usual form of one text; nothing when it is none.
  std::function<std::optional<std::string>(const std::string&)> usual;
  std::string rule;  ///< "networks such as 10.1.0.0/16": what they must be
};

/// "a, b"; `none` for an empty list.
std::string answer_of(const Texts& texts, const OwnList& list);
/// `invalid_input` with the rule.
Result<Texts> texts_of(const std::string& answer, const OwnList& list);

struct Standing {
  std::string url, listen, intake, plain_http;
  std::filesystem::path certificate, key, intake_certificate, intake_key, data;
  std::vector<Texts> own;  ///< of each OwnList
};

/// `text`, the file as it stands with `before` in it, with `after` in it: only what differs is
/// written. An empty text is no file: all is written, below a line that names `program`.
std::string configuration(const std::string& text, const Standing& before, const Standing& after,
                          const std::vector<OwnList>& own, const std::string& program);

/// What a firewall must allow, in words. `outward`: lines of where this edge connects to.
std::string firewall_words(const Standing& values, const std::string& from,
                           const std::string& users, const std::string& outward);

}  // namespace sp::pushpull
