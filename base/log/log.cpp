#include "base/log/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace sp::log {
namespace {

constexpr std::size_t longest_text = 256;

std::string line(std::string_view event, Fields fields) {
  std::string out{event};
  for (const auto& [key, value] : fields) {
    out += ' ';
    out += key;
    out += '=';
    out += value.text();
  }
  return out;
}

bool printable(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, longest_text)) {
    if (printable(c))
      out += c;
    else
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  if (text.size() > longest_text) out += "...";
  return out + '"';
}

Value::Value(std::string_view text) : text_(escaped(text)) {}

void start(std::string_view program, Level least) {
  auto logger = spdlog::stderr_logger_mt(std::string{program});
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %n %l %v", spdlog::pattern_time_type::utc);
  constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                              spdlog::level::err};
  logger->set_level(levels.at(static_cast<std::size_t>(least)));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

// The line is data, never a format string.
void debug(std::string_view event, Fields fields) {
  spdlog::debug("{}", line(event, fields));
}
void info(std::string_view event, Fields fields) {
  spdlog::info("{}", line(event, fields));
}
void warning(std::string_view event, Fields fields) {
  spdlog::warn("{}", line(event, fields));
}
void error(std::string_view event, Fields fields) {
  spdlog::error("{}", line(event, fields));
}
void error(std::string_view event, const Error& cause, Fields fields) {
  spdlog::error("{} code={} detail={}", line(event, fields), name(cause.code()),
                escaped(cause.detail()));
}

}  // namespace sp::log
