#pragma once
// What a command tells: facts in an order, printed as lines for people or as one JSON object.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "certs/cli/cli.h"

namespace sp::certs {

class Report {
 public:
  using Value = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;
  /// A fact with its key in JSON and its label for people; without label, for programs alone.
  Report& add(std::string key, std::string label, Value value);
  /// A table under `key`: each row a report of its own, all with the same facts.
  Report& add_rows(std::string key, std::vector<Report> rows);

  /// The facts of `more` after these.
  Report& append(Report more);

  /// One line, with "schema": 1 in front.
  [[nodiscard]] std::string json() const;
  [[nodiscard]] std::string text() const;
  void print(Context& context) const;

 private:
  struct Fact {
    std::string key;
    std::string label;
    Value value;
  };
  std::vector<Fact> facts_;
  std::string rows_key_;
  std::vector<Report> rows_;
  friend struct ReportWriter;
};

/// Subject, names, times and pin of a leaf, as all commands tell them.
void add_description(Report& report, const Description& what);

}  // namespace sp::certs
