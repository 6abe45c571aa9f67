#pragma once
// Lists as files, CSV or JSON lines. For .cpp files of core/api alone.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"
#include "core/api/router.h"

namespace sp::api {

enum class Format : std::uint8_t { csv, jsonl };
std::string_view name(Format format);
/// What the query asks for as `format`. Notes what is neither of the two.
Format format_asked(const Request& request, std::vector<FieldProblem>& wrong);

/// The lines of one page, and the key behind which the next one begins; no key at the end.
struct ExportPage {
  std::string text;
  std::optional<std::string> next;
};
/// The file sallyport-<what>: `csv_head` where it is CSV, then page after page, so that a long list
/// needs no memory. The first page is asked for with an empty key.
Response export_response(std::string_view what, Format format, std::string_view csv_head,
                         std::function<Result<ExportPage>(const std::string& after)> page);

/// RFC 4180; a value that a spreadsheet would run as a formula gets an apostrophe in front.
std::string csv_line(const std::vector<std::string>& values);

}  // namespace sp::api
