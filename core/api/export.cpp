#include "core/api/internal/export.h"

#include <memory>
#include <utility>

namespace sp::api {

std::string_view name(Format format) {
  return format == Format::csv ? "csv" : "jsonl";
}

Format format_asked(const Request& request, std::vector<FieldProblem>& wrong) {
  const auto text = request.asked("format").value_or("");
  for (const auto format : {Format::csv, Format::jsonl})
    if (text == name(format)) return format;
  wrong.push_back({"format", "must be csv or jsonl"});
  return Format::csv;
}

Response export_response(std::string_view what, Format format, std::string_view csv_head,
                         std::function<Result<ExportPage>(const std::string& after)> page) {
  struct Rest {
    std::string head;
    std::optional<std::string> after = "";
  };
  const bool csv = format == Format::csv;
  auto rest = std::make_shared<Rest>();
  if (csv) rest->head = csv_head;
  Response response;
  response.type = csv ? "text/csv; charset=utf-8" : "application/jsonl";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"sallyport-" +
                                                           std::string{what} + "." +
                                                           std::string{name(format)} + "\"");
  response.stream = [page = std::move(page),
                     rest = std::move(rest)]() -> Result<std::optional<std::string>> {
    if (!rest->after) return std::optional<std::string>{};
    auto next = TRY(page(*rest->after));
    auto text = std::exchange(rest->head, "") + next.text;
    rest->after = std::move(next.next);
    // An empty piece would end the stream.
    if (text.empty()) return std::optional<std::string>{};
    return std::optional{std::move(text)};
  };
  return response;
}

std::string csv_line(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) {
    out += out.empty() ? "\"" : ",\"";
    if (!value.empty() && std::string_view{"=+-@\t\r"}.find(value.front()) != std::string::npos)
      out += '\'';
    for (const char c : value) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out + "\r\n";
}

}  // namespace sp::api
